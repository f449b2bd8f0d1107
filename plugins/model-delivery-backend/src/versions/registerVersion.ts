import {
  ChangeKind,
  VersionRegistration,
} from '@slipway/backstage-plugin-model-delivery-common';
import { InputError } from '@backstage/errors';
import { randomUUID } from 'node:crypto';
import { StaleStateError } from '../database/values';
import { Transaction } from '../database/UnitOfWork';
import { recordVersionLineage } from '../lineage/recordVersionLineage';
import { ModelRecord } from '../models/ModelRecord';
import { digestOf } from '../policies/digest';
import { deriveChangeKinds } from './changeKinds';
import { differingParts } from './compareParts';
import { checkTexts, saveTexts } from './configurationTexts';
import { NamedPerson, VersionRecord } from './VersionRecord';
import { findLatestVersion, findVersion } from './versionStore';

/** The people that a registration names, and who the catalog knows by those names. */
export interface RegistrationPeople {
  authors: NamedPerson[];
  trainer: NamedPerson;
}

/**
 * Checks what the contract cannot say.
 * @returns the digest of the parts.
 * @throws InputError when the digest sent along is another one, or a text is not that of a part.
 */
export function checkRegistration(registration: VersionRegistration): string {
  const digest = digestOf(registration.parts);
  if (registration.digest !== undefined && registration.digest !== digest) {
    throw new InputError(
      `request/body/digest is ${registration.digest}, but the SHA-256 of the RFC 8785 form of request/body/parts is ${digest}`,
    );
  }
  checkTexts(registration);
  return digest;
}

/**
 * Registers the version, or finds it registered with the same parts. The lock of the model's row orders registrations
 * of one model, so that their positions have neither gaps nor races.
 * @throws ConflictError when the name is taken by other parts.
 */
export async function registerVersion(
  tx: Transaction,
  options: {
    actor: string;
    model: ModelRecord;
    registration: VersionRegistration;
    digest: string;
    people: RegistrationPeople;
  },
): Promise<{ version: VersionRecord; created: boolean }> {
  const { actor, model, registration, digest, people } = options;
  await tx.knex('models').where({ ref: model.ref }).forUpdate().first('ref');
  const known = await findVersion(tx.knex, model.ref, registration.version);
  if (known) {
    if (known.digest !== digest) {
      throw new StaleStateError(
        `Version ${known.name} of ${
          model.ref
        } is registered with other parts: ${differingParts(
          known.parts,
          registration.parts,
        ).join(
          ', ',
        )}. Versions are immutable; register these under another name`,
        { version: known.name, digest: known.digest },
      );
    }
    await saveTexts(tx, model.ref, registration);
    return { version: known, created: false };
  }
  const before = await findLatestVersion(tx.knex, model.ref);
  const version: VersionRecord = {
    id: randomUUID(),
    modelRef: model.ref,
    name: registration.version,
    digest,
    parts: registration.parts,
    commits: registration.commits ?? [],
    authors: people.authors,
    firstCommitAt: earliestCommit(registration),
    changeKinds:
      registration.changeKinds ??
      (deriveChangeKinds(before?.parts, registration.parts) as ChangeKind[]),
    runId: registration.run ?? null,
    registryUri: registration.registryUri ?? null,
    trainedBy: people.trainer.ref,
    createdAt: registration.createdAt
      ? new Date(registration.createdAt)
      : tx.now,
    registeredAt: tx.now,
    registeredBy: actor,
    position: (before?.position ?? 0) + 1,
  };
  await insertVersion(tx, version);
  await saveTexts(tx, model.ref, registration);
  await recordVersionLineage(tx.knex, version);
  tx.record({
    actor,
    action: 'version.registered',
    model: model.ref,
    subject: `version:${model.name}/${version.name}`,
    summary: `Version ${version.name} of ${model.title} was registered, trained by ${people.trainer.given}`,
    details: {
      digest,
      commit: version.parts.code.commit,
      artifact: version.parts.artifact.digest,
      run: version.runId,
      position: version.position,
    },
  });
  return { version, created: true };
}

async function insertVersion(
  tx: Transaction,
  version: VersionRecord,
): Promise<void> {
  await tx.knex('versions').insert({
    id: version.id,
    model_ref: version.modelRef,
    name: version.name,
    digest: version.digest,
    parts: JSON.stringify(version.parts),
    commits: JSON.stringify(version.commits),
    authors: JSON.stringify(version.authors),
    first_commit_at: version.firstCommitAt,
    change_kinds: JSON.stringify(version.changeKinds),
    run_id: version.runId,
    registry_uri: version.registryUri,
    trained_by: version.trainedBy,
    created_at: version.createdAt,
    registered_at: version.registeredAt,
    registered_by: version.registeredBy,
    position: version.position,
  });
}

function earliestCommit(registration: VersionRegistration): Date | null {
  const times = (registration.commits ?? []).map(commit =>
    Date.parse(commit.authoredAt),
  );
  return times.length === 0
    ? null
    : new Date(times.reduce((a, b) => Math.min(a, b)));
}
