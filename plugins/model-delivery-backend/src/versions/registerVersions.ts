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
import { NamedPerson, toVersionRow, VersionRecord } from './VersionRecord';
import { findLatestVersion, findVersionsNamed } from './versionStore';

/** Rows of one statement: below SQLite's limit on compound statements, whatever its build. */
const BATCH = 100;

/** The people that a registration names, and who the catalog knows by those names. */
export interface RegistrationPeople {
  authors: NamedPerson[];
  trainer: NamedPerson;
}

/** What is to be registered, checked and with what it takes beyond the database. */
export interface CheckedRegistration {
  registration: VersionRegistration;
  /** Of its parts. */
  digest: string;
  people: RegistrationPeople;
}

/** A version, and whether it is registered only now. */
export interface Registered {
  version: VersionRecord;
  created: boolean;
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
 * Registers versions of one model in their order, or finds them registered with the same parts. The lock of the model's row
 * orders registrations of one model, so that their positions have neither gaps nor races.
 * @returns one for each registration, in their order.
 * @throws ConflictError when a name is taken by other parts: then none may be kept.
 */
export async function registerVersions(
  tx: Transaction,
  options: {
    actor: string;
    model: ModelRecord;
    checked: CheckedRegistration[];
  },
): Promise<Registered[]> {
  const { actor, model, checked } = options;
  await tx.knex('models').where({ ref: model.ref }).forUpdate().first('ref');
  const known = await findVersionsNamed(
    tx.knex,
    model.ref,
    checked.map(({ registration }) => registration.version),
  );
  let before = await findLatestVersion(tx.knex, model.ref);
  const results: Registered[] = [];
  for (const each of checked) {
    const there = known.get(each.registration.version);
    if (there) {
      assertSame(there, each);
      results.push({ version: there, created: false });
    } else {
      const version = toVersion(each, { actor, model, before, now: tx.now });
      known.set(version.name, version);
      before = version;
      results.push({ version, created: true });
    }
  }
  const created = results
    .filter(each => each.created)
    .map(({ version }) => version);
  await insertVersions(tx, created);
  for (const { registration } of checked) {
    await saveTexts(tx, model.ref, registration);
  }
  await recordVersionLineage(tx.knex, created);
  results.forEach(({ version, created: isNew }, i) => {
    if (isNew) {
      recordRegistered(tx, { actor, model, version }, checked[i].people);
    }
  });
  return results;
}

function assertSame(
  known: VersionRecord,
  { registration, digest }: CheckedRegistration,
): void {
  if (known.digest !== digest) {
    throw new StaleStateError(
      `Version ${known.name} of ${
        known.modelRef
      } is registered with other parts: ${differingParts(
        known.parts,
        registration.parts,
      ).join(', ')}. Versions are immutable; register these under another name`,
      { version: known.name, digest: known.digest },
    );
  }
}

function toVersion(
  { registration, digest, people }: CheckedRegistration,
  of: {
    actor: string;
    model: ModelRecord;
    /** The one that was registered last. */
    before: VersionRecord | undefined;
    now: Date;
  },
): VersionRecord {
  const { actor, model, before, now } = of;
  return {
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
    createdAt: registration.createdAt ? new Date(registration.createdAt) : now,
    registeredAt: now,
    registeredBy: actor,
    position: (before?.position ?? 0) + 1,
  };
}

function recordRegistered(
  tx: Transaction,
  of: { actor: string; model: ModelRecord; version: VersionRecord },
  { trainer }: RegistrationPeople,
): void {
  const { actor, model, version } = of;
  tx.record({
    actor,
    action: 'version.registered',
    model: model.ref,
    subject: `version:${model.name}/${version.name}`,
    summary: `Version ${version.name} of ${model.title} was registered, trained by ${trainer.given}`,
    details: {
      digest: version.digest,
      commit: version.parts.code.commit,
      artifact: version.parts.artifact.digest,
      run: version.runId,
      position: version.position,
    },
  });
}

async function insertVersions(
  tx: Transaction,
  versions: VersionRecord[],
): Promise<void> {
  for (let i = 0; i < versions.length; i += BATCH) {
    await tx
      .knex('versions')
      .insert(versions.slice(i, i + BATCH).map(toVersionRow));
  }
}

function earliestCommit(registration: VersionRegistration): Date | null {
  const times = (registration.commits ?? []).map(commit =>
    Date.parse(commit.authoredAt),
  );
  return times.length === 0
    ? null
    : new Date(times.reduce((a, b) => Math.min(a, b)));
}
