import { RevocationEffects } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Transaction } from '../database/UnitOfWork';
import { toNumber } from '../database/values';
import { effectsText } from '../revocations/words';
import { sentence } from '../words';
import { linkTo } from './faultWords';

/** Versions that a notification names. */
const NAMED = 5;

/** A revocation that was made for a fault, as far as it is told. */
export interface ToldRevocation {
  modelRef: string;
  /** Title of the model. */
  title: string;
  version: string;
  /** Of the version among those of its model, in the order of their registration. */
  position: number;
  effects: RevocationEffects;
  /** Of the model when that was revoked. */
  owner: string;
  /** Entity refs, the owner's among them. */
  concerned: string[];
}

/**
 * Tells everybody whom revocations concern that were made for a fault what was revoked, in one. Belongs into the
 * transaction that says that the fault is settled, so that they are told once. A person who owns a model with others is told
 * with them.
 * @param groupsOf - the groups that each person concerned is in
 */
export async function tellRevoked(
  tx: Transaction,
  fault: {
    id: number;
    dataset: string;
    /** Such as `Loans 2026-10`. */
    data: string;
    reason: string;
  },
  groupsOf: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<void> {
  const rows: {
    modelRef: string;
    /** Null when the model is gone from the catalog. */
    title: string | null;
    version: string;
    position: number | string;
    effects: string;
    concerned: string;
  }[] = await tx
    .knex('revocations')
    .join('versions', 'versions.id', 'revocations.version_id')
    .leftJoin('models', 'models.ref', 'revocations.model_ref')
    .where('revocations.fault_id', fault.id)
    .whereNotNull('revocations.concerned')
    .orderBy('revocations.id')
    .select(
      'revocations.model_ref as modelRef',
      'models.title as title',
      'versions.name as version',
      'versions.position as position',
      'revocations.effects as effects',
      'revocations.concerned as concerned',
    );
  const revoked = rows.map((row): ToldRevocation => {
    const concerned: string[] = JSON.parse(row.concerned);
    return {
      ...row,
      title: row.title ?? row.modelRef,
      position: toNumber(row.position),
      effects: JSON.parse(row.effects),
      owner: concerned[0],
      concerned,
    };
  });
  for (const recipient of new Set(revoked.flatMap(each => each.concerned))) {
    const own = revoked.filter(
      ({ owner, concerned }) =>
        concerned.includes(recipient) && !groupsOf.get(recipient)?.has(owner),
    );
    if (own.length === 0) {
      continue;
    }
    tx.publish({
      topic: 'notification',
      payload: {
        recipients: [recipient],
        title: `${evaluations(own.length)} ${
          own.length === 1 ? 'was' : 'were'
        } revoked, since ${fault.data} is faulty`,
        description: `${sentence(revokedWords(own))} ${sentence(fault.reason)}`,
        link: linkTo(own[0].modelRef, fault.dataset),
        severity: 'high',
        scope: `data-fault:${fault.id}:revoked:${recipient}`,
      },
    });
  }
}

/** The people whom revocations concern that were made for a fault, without groups. */
export async function findPeople(knex: Knex, fault: number): Promise<string[]> {
  const rows: string[] = await knex('revocations')
    .where({ fault_id: fault })
    .whereNotNull('concerned')
    .distinct()
    .pluck('concerned');
  const all = rows.flatMap(row => JSON.parse(row) as string[]);
  return [...new Set(all)].filter(each => each.startsWith('user:'));
}

/** What was revoked, the newest versions first, and what that does, such as `F 1 (2 evaluations). 1 rollout pauses`. Pure. */
export function revokedWords(revoked: ToldRevocation[]): string {
  const versions = new Map<string, number>();
  const byAge = [...revoked].sort(
    (a, b) => a.title.localeCompare(b.title) || b.position - a.position,
  );
  for (const { title, version } of byAge) {
    const name = `${title} ${version}`;
    versions.set(name, (versions.get(name) ?? 0) + 1);
  }
  const named = [...versions]
    .slice(0, NAMED)
    .map(([name, n]) => `${name} (${evaluations(n)})`);
  const rest = versions.size - named.length;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return `${named.join(', ')}${more}. ${effectsText({
    // What one revocation paused the next one finds paused: the first says what was done
    promotions: firstOfEach(revoked.flatMap(each => each.effects.promotions)),
    deployments: firstOfEach(revoked.flatMap(each => each.effects.deployments)),
  })}`;
}

function firstOfEach<T extends { id: string }>(all: T[]): T[] {
  const firsts = new Map<string, T>();
  all.forEach(each => firsts.has(each.id) || firsts.set(each.id, each));
  return [...firsts.values()];
}

function evaluations(n: number): string {
  return n === 1 ? '1 evaluation' : `${n} evaluations`;
}
