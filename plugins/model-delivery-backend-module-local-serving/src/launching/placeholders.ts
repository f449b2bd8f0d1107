import { InputError } from '@backstage/errors';

/** What the placeholders of a launcher's command stand for. */
export interface PlaceholderValues {
  artifactUri: string;
  /** The URI without scheme and leading slashes. */
  artifactPath: string;
  artifactDigest: string;
  version: string;
  host: string;
  port: string;
  /** Program that runs the backend. */
  node: string;
}

const NAMES: readonly (keyof PlaceholderValues)[] = [
  'artifactUri',
  'artifactPath',
  'artifactDigest',
  'version',
  'host',
  'port',
  'node',
];
const PLACEHOLDER = /\$\{([^}]*)\}/g;

/** @throws InputError when a text of the configuration has a placeholder that does not exist. */
export function assertPlaceholders(text: string, at: string): void {
  for (const [whole, name] of text.matchAll(PLACEHOLDER)) {
    if (!isName(name)) {
      throw new InputError(
        `${at} has the unknown placeholder ${whole}; known are ${NAMES.join(
          ', ',
        )}`,
      );
    }
  }
}

/** Replaces the placeholders of one argument. Values are taken as they are; nothing in them is replaced again. */
export function fillPlaceholders(
  text: string,
  values: PlaceholderValues,
): string {
  return text.replace(PLACEHOLDER, (whole, name: string) =>
    isName(name) ? values[name] : whole,
  );
}

function isName(name: string): name is keyof PlaceholderValues {
  return (NAMES as readonly string[]).includes(name);
}
