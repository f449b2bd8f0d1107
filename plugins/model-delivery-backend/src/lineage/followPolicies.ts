import { ConflictError, NotFoundError } from '@backstage/errors';
import { Knex } from 'knex';
import { Policy } from '../policies/types';
import { RevocationsService } from '../revocations/RevocationsService';
import { Affected } from './findImpact';

/** Longest reason that a revocation takes. */
const LONGEST_REASON = 2_000;
/** Versions that one query asks about: each takes two of the parameters that SQLite allows. */
const AT_ONCE = 500;

/** An evaluation of an affected version. */
interface Found {
  /** The evaluation's row. */
  id: string;
  model: string;
  version: string;
  /** External id. */
  evaluation: string;
}

/**
 * The evaluations of versions that nobody revoked.
 * @param options.fault - instead those that were revoked for this fault
 */
export async function findFollowed(
  knex: Knex,
  options: { versions: Pick<Affected, 'model' | 'version'>[]; fault?: number },
): Promise<Found[]> {
  const { versions, fault } = options;
  const found: Found[] = [];
  for (let i = 0; i < versions.length; i += AT_ONCE) {
    const rows: Found[] = await knex('evaluations')
      .join('versions', 'versions.id', 'evaluations.version_id')
      .leftJoin('revocations', 'revocations.evaluation_id', 'evaluations.id')
      .whereIn(
        ['versions.model_ref', 'versions.name'],
        versions.slice(i, i + AT_ONCE).map(each => [each.model, each.version]),
      )
      .modify(query => {
        if (fault === undefined) {
          query.whereNull('revocations.id');
        } else {
          query.where('revocations.fault_id', fault);
        }
      })
      .orderBy('evaluations.id')
      .select(
        'evaluations.id as id',
        'versions.model_ref as model',
        'versions.name as version',
        'evaluations.external_id as evaluation',
      );
    found.push(...rows);
  }
  return found;
}

/**
 * Revokes the evaluations of versions whose policies say so, one by one through the same service as a person's own
 * revocation, in the name of whoever found the data faulty. It may be called again after it was interrupted.
 * @param options.limit - evaluations that are revoked before it gives up
 * @returns whether none is left
 */
export async function followPolicies(options: {
  knex: Knex;
  revocations: RevocationsService;
  versions: Affected[];
  goesBy: ReadonlyMap<string, Policy>;
  fault: { id: number; raisedBy: string; data: string; reason: string };
  limit: number;
}): Promise<boolean> {
  const { knex, revocations, goesBy, fault, limit } = options;
  const revoked = options.versions.filter(each => each.revokes);
  const certain = new Map(
    revoked.map(each => [`${each.model}@${each.version}`, each.certain]),
  );
  const open = await findFollowed(knex, { versions: revoked });
  for (const { id, model, version, evaluation } of open.slice(0, limit)) {
    const policy = goesBy.get(model)!;
    try {
      await revocations.enforce(fault.raisedBy, model, {
        version,
        evaluation,
        reason: reasonOf(
          fault,
          certain.get(`${model}@${version}`)
            ? 'it was made of'
            : 'it may have been made of',
          policy,
        ),
        idempotencyKey: keyOf(fault, id),
        because: { fault: fault.id, policy: policy.digest },
      });
    } catch (error) {
      // Somebody revoked it in the meantime, or its model is gone
      if (
        !(error instanceof ConflictError) &&
        !(error instanceof NotFoundError)
      ) {
        throw error;
      }
    }
  }
  return open.length <= limit;
}

/**
 * Why an evaluation is revoked for a fault. Pure.
 * @param how - continues `which`, such as `it was made of`
 */
export function reasonOf(
  fault: { data: string; reason: string },
  how: string,
  policy: Pick<Policy, 'name'>,
): string {
  return `${fault.data}, which ${how}, is faulty, and the policy ${policy.name} revokes then: ${fault.reason}`.slice(
    0,
    LONGEST_REASON,
  );
}

/** The idempotency key of the revocation of an evaluation's row for a fault. */
export function keyOf(fault: { id: number }, evaluation: string): string {
  return `data-fault:${fault.id}:${evaluation}`;
}
