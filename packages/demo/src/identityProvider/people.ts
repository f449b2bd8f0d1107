import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

/** Somebody who can sign in to the demo. */
export interface Person {
  /** Name of the user entity, such as `s.iyer`; also the subject of their tokens. */
  id: string;
  displayName: string;
  email: string;
  /** What the sign-in page calls their role; absent for the personas' colleagues. */
  persona?: string;
  /** One line about what they come to do, or the groups of a colleague. */
  summary: string;
}

interface UserEntity {
  kind?: string;
  metadata?: {
    name?: string;
    description?: string;
    annotations?: Record<string, string>;
  };
  spec?: {
    profile?: { displayName?: string; email?: string };
    memberOf?: string[];
  };
}

const PERSONA_ANNOTATION = 'slipway.dev/persona';

/**
 * Reads the users of a catalog file, in its order, so that who can sign in and whom the catalog knows are one list.
 * @throws Error when a user lacks a name or an e-mail address, or the file is no YAML.
 */
export function readPeople(file: string): Person[] {
  return parseAllDocuments(readFileSync(file, 'utf8'))
    .map(document => document.toJS() as UserEntity | null)
    .filter(entity => entity?.kind === 'User')
    .map(entity => toPerson(entity!, file));
}

function toPerson({ metadata, spec }: UserEntity, file: string): Person {
  const email = spec?.profile?.email;
  if (!metadata?.name || !email) {
    throw new Error(
      `${file}: the user ${
        metadata?.name ?? 'without a name'
      } needs metadata.name and spec.profile.email to sign in`,
    );
  }
  const persona = metadata.annotations?.[PERSONA_ANNOTATION];
  return {
    id: metadata.name,
    displayName: spec?.profile?.displayName ?? metadata.name,
    email,
    persona,
    summary: persona
      ? metadata.description ?? ''
      : (spec?.memberOf ?? []).join(', '),
  };
}
