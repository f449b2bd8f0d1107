import { EvaluationReport } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { enginePrincipal } from '../access/enginePrincipal';
import { EngineContext } from '../context';
import { Transaction } from '../database/UnitOfWork';
import { EvaluationRow } from '../evaluations/EvaluationRecord';
import { ModelRecord } from '../models/ModelRecord';
import { faultyDataOf, isRevokedBy } from '../policies/faultyData';
import { Policies, Policy } from '../policies/types';
import { revokeReported } from '../revocations/revokeReported';
import { VersionRecord } from '../versions/VersionRecord';
import { CatalogView } from './CatalogView';
import { dataOf, FaultRow } from './faultStore';
import { IMPACT_BOUNDS } from './findImpact';
import { keyOf, reasonOf } from './followPolicies';
import { ImpactFinder } from './ImpactFinder';
import { LineageWalk, WalkNode } from './LineageWalk';
import { nameWithin } from './names';
import { entityNodeId, namedNodeId, NodeReference } from './nodeIds';
import { tellReported } from './tellFault';

/** Why an evaluation does not count that is reported after the data that it rests on were found faulty. */
export interface StandingFault {
  fault: FaultRow;
  policy: Policy;
  /** Continues `which`, such as `it was made of`. */
  how: string;
}

/** The versions of things, by their nodes without a version. */
type Origins = Map<string, Set<string>>;

/**
 * Keeps what is reported from counting while data that it rests on are said to be faulty, where the policy revokes then: a
 * version stays what it was made of, however often it is measured.
 */
export class StandingFaults {
  readonly #context: EngineContext;
  readonly #finder: ImpactFinder;
  readonly #policies: Pick<Policies, 'forModel'>;

  constructor(options: {
    context: EngineContext;
    finder: ImpactFinder;
    policies: Pick<Policies, 'forModel'>;
  }) {
    this.#context = options.context;
    this.#finder = options.finder;
    this.#policies = options.policies;
  }

  /**
   * The fault for which an evaluation of the version does not count. It asks the catalog, hence not within a transaction,
   * and only while faults stand.
   * @param measuredOn - the data set that the version was evaluated on
   */
  async concerning(
    model: ModelRecord,
    version: VersionRecord,
    measuredOn: EvaluationReport['dataset'],
  ): Promise<StandingFault | undefined> {
    const policy = this.#policies.forModel(model);
    const standing: FaultRow[] = await this.#context.work
      .knex<FaultRow>('data_faults')
      .whereNull('withdrawn_at')
      .orderBy('id');
    if (standing.length === 0 || faultyDataOf(policy) === 'notify') {
      return undefined;
    }
    return (
      (await this.#ofTraining(model, version, { standing, policy })) ??
      (await this.#ofEvaluation(model, measuredOn, { standing, policy }))
    );
  }

  /**
   * As {@link concerning}, of a version of which an evaluation was revoked before for a fault that stands. It reads the
   * database alone.
   */
  async known(
    knex: Knex,
    model: ModelRecord,
    version: VersionRecord,
  ): Promise<StandingFault | undefined> {
    const policy = this.#policies.forModel(model);
    const fault: FaultRow | undefined = await knex('data_faults')
      .join('revocations', 'revocations.fault_id', 'data_faults.id')
      .where('revocations.version_id', version.id)
      // Those of a single evaluation, by what it was measured on, concern nobody else
      .whereNotNull('revocations.concerned')
      .whereNull('data_faults.withdrawn_at')
      .orderBy('data_faults.id')
      .first('data_faults.*');
    return fault && faultyDataOf(policy) !== 'notify'
      ? { fault, policy, how: 'it was made of' }
      : undefined;
  }

  /** Revokes what was just recorded, and tells the owner of the first of each version and fault. */
  async revoke(
    tx: Transaction,
    { fault, policy, how }: StandingFault,
    reported: {
      model: ModelRecord;
      version: VersionRecord;
      evaluation: EvaluationRow;
    },
  ): Promise<void> {
    const data = dataOf(fault);
    const before = await tx
      .knex('revocations')
      .where({ fault_id: fault.id, version_id: reported.version.id })
      .whereNull('concerned')
      .first('id');
    await revokeReported(tx, {
      ...reported,
      by: fault.raised_by,
      reason: reasonOf({ data, reason: fault.reason }, how, policy),
      idempotencyKey: keyOf(fault, reported.evaluation.id),
      because: { fault: fault.id, policy: policy.digest },
    });
    if (!before) {
      tellReported(tx, fault, how, reported);
    }
  }

  async #ofTraining(
    model: ModelRecord,
    version: VersionRecord,
    { standing, policy }: { standing: FaultRow[]; policy: Policy },
  ): Promise<StandingFault | undefined> {
    const origins = await this.#originsOf({
      kind: 'entity',
      ref: model.ref,
      version: version.name,
    });
    const certain = standing.find(each => isAmong(each, origins));
    if (certain) {
      return { fault: certain, policy, how: 'it was made of' };
    }
    const principal = await enginePrincipal(this.#context.auth);
    for (const fault of standing) {
      if (
        isRevokedBy(faultyDataOf(policy), false) &&
        origins.get(fault.dataset)?.has('')
      ) {
        const { impact } = await this.#finder.find(principal, {
          dataset: fault.dataset,
          version: fault.version ?? undefined,
        });
        const isAffected = impact.versions.some(
          each => each.model === model.ref && each.version === version.name,
        );
        if (isAffected) {
          return { fault, policy, how: 'it may have been made of' };
        }
      }
    }
    return undefined;
  }

  async #ofEvaluation(
    model: ModelRecord,
    measuredOn: EvaluationReport['dataset'],
    { standing, policy }: { standing: FaultRow[]; policy: Policy },
  ): Promise<StandingFault | undefined> {
    if (!measuredOn) {
      return undefined;
    }
    const origins = await this.#originsOf({
      kind: 'named',
      name: nameWithin('dataset', measuredOn.name, model.ref),
      version: measuredOn.version ?? '',
    });
    const certain = standing.find(each => isAmong(each, origins));
    if (certain) {
      return { fault: certain, policy, how: 'it was measured on' };
    }
    const possible = standing.find(
      each =>
        isRevokedBy(faultyDataOf(policy), false) &&
        origins.get(each.dataset)?.has(''),
    );
    return (
      possible && {
        fault: possible,
        policy,
        how: 'it may have been measured on',
      }
    );
  }

  /** The thing itself and what it was made of. */
  async #originsOf(reference: NodeReference): Promise<Origins> {
    const catalog = new CatalogView(
      this.#context,
      await enginePrincipal(this.#context.auth),
    );
    const walk = new LineageWalk({
      knex: this.#context.work.knex,
      catalog,
      bounds: IMPACT_BOUNDS,
      seesNamed: true,
    });
    const origins: Origins = new Map();
    const add = (node: WalkNode, version: string) => {
      const whole = wholeOf(node);
      origins.set(whole, (origins.get(whole) ?? new Set()).add(version));
    };
    const node = await walk.begin(reference);
    if (node) {
      await walk.look([node], 'upstream');
    } else if (reference.version !== '') {
      // A version that lineage does not know, of something that it does
      const whole = await walk.begin({ ...reference, version: '' });
      if (whole) {
        add(whole, reference.version);
        return origins;
      }
    }
    for (const each of walk.nodes.values()) {
      if (!each.hidden) {
        add(each, each.version);
      }
    }
    return origins;
  }
}

/** Whether the faulty data are among what a thing was made of, for certain. Pure. */
function isAmong({ dataset, version }: FaultRow, origins: Origins): boolean {
  const versions = origins.get(dataset);
  return versions !== undefined && (version === null || versions.has(version));
}

function wholeOf({ ref, name }: WalkNode): string {
  return ref === null ? namedNodeId(name!, '') : entityNodeId(ref, '');
}
