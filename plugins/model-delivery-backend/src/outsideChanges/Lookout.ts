import { EngineContext } from '../context';
import { isUniqueViolation, toDate } from '../database/values';
import { Transaction } from '../database/UnitOfWork';
import { MetricsRecorder } from '../metrics/MetricsRecorder';
import { ModelsService } from '../models/ModelsService';
import { changeModel } from '../promotions/changeModel';
import { ENGINE_ACTOR } from '../promotions/changePromotion';
import { findPromotion } from '../promotions/promotionStore';
import { Targets } from '../rollouts/targets';
import { acceptAlias, findAlias } from './aliases';
import { reconsiderAdoption, setBackRefused } from './followAdoption';
import { notifyRaised } from './notifications';
import { findPresent, OutsideChangeRow, Place } from './outsideChangeStore';
import { findSettledTarget, findTargets, Target } from './places';
import { isSameDivision, Share, statementOf } from './shares';

const AT_ONCE = 8;
/** Targets that are looked at again in one round, since something was found there. */
const AGAIN = 100;

/** What was found at a place. */
interface Finding {
  place: Place;
  tier: string;
  alias: string | null;
  expected: Share[];
  found: Share[];
}

/**
 * Compares targets and watched aliases with the history, a bounded page each round and those of which something is known
 * each time. What differs is raised once it has lasted, and closed by itself when it is gone.
 */
export class Lookout {
  readonly #context: EngineContext;
  readonly #models: ModelsService;
  readonly #targets: Targets;
  readonly #metrics: MetricsRecorder;
  #after: { environment: string; modelRef: string } | undefined;

  constructor(
    context: EngineContext,
    services: {
      models: ModelsService;
      targets: Targets;
      metrics: MetricsRecorder;
    },
  ) {
    this.#context = context;
    this.#models = services.models;
    this.#targets = services.targets;
    this.#metrics = services.metrics;
  }

  /** Looks at the next page of targets, and again where something was found. */
  async look(): Promise<void> {
    const { knex } = this.#context.work;
    const known: { model_ref: string; environment: string }[] = await knex(
      'outside_changes',
    )
      .whereIn('state', ['suspected', 'open'])
      .orderBy(['looked_at', 'id'])
      .limit(AGAIN)
      .select('model_ref', 'environment');
    const { targets, next } = await findTargets(knex, this.#after);
    this.#after = next;
    const places = new Map(
      [
        ...known.map(row => ({
          modelRef: row.model_ref,
          environment: row.environment,
        })),
        ...targets,
      ].map(each => [
        `${each.environment} ${each.modelRef}`,
        { modelRef: each.modelRef, environment: each.environment },
      ]),
    );
    const queue = [...places.values()];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let place = queue.pop(); place; place = queue.pop()) {
          await this.#lookAt(place);
        }
      }),
    );
  }

  /** Looks at one target now, and at the alias that follows it. What fails is tried again with the next round. */
  async #lookAt(place: {
    modelRef: string;
    environment: string;
  }): Promise<void> {
    try {
      await this.lookAt(place);
    } catch (error) {
      this.#context.logger.warn(
        `${place.modelRef} in ${place.environment} could not be compared with its history: ${error}`,
      );
    }
  }

  /** Looks at one target now, and at the alias that follows it. */
  async lookAt(place: {
    modelRef: string;
    environment: string;
  }): Promise<void> {
    const { knex } = this.#context.work;
    const target = await findSettledTarget(knex, place);
    if (!target) {
      return;
    }
    const found = await this.#observe(target);
    if (found) {
      await this.#compare({
        place: { ...place, kind: 'traffic' },
        tier: target.tier,
        alias: null,
        expected: target.expected,
        found,
      });
    }
    await this.#followAlias(target);
  }

  /** Shares at a target that have traffic; undefined when nobody can tell. */
  async #observe(target: Target): Promise<Share[] | undefined> {
    const at = { model: target.modelRef, environment: target.environment };
    const deployer = this.#targets.deployerOf(at);
    if (!deployer) {
      return undefined;
    }
    const state = await deployer.observe(at);
    const shares = state.shares.filter(({ share }) => share > 0);
    return shares.length > 0 ? shares : undefined;
  }

  async #followAlias(target: Target): Promise<void> {
    const { work, config } = this.#context;
    const alias = config.outsideChanges.aliases[target.environment];
    const model = alias && (await this.#models.require(target.modelRef));
    if (!alias || !model || !model.registry) {
      return;
    }
    const state = await findAlias(work.knex, {
      modelRef: model.ref,
      registry: model.registry,
      alias,
      serving:
        target.expected.length === 1 ? target.expected[0].version : undefined,
    });
    if (!state) {
      return;
    }
    const { found, accepted, serving } = state;
    if (accepted === undefined || found.version === serving?.version) {
      if (accepted !== found.version) {
        await work.run(tx => acceptAlias(tx, model.ref, alias, found.version));
      }
    }
    const isRight =
      accepted === undefined ||
      found.version === accepted ||
      found.version === serving?.version;
    const should = serving?.name ?? accepted!;
    await this.#compare({
      place: {
        modelRef: model.ref,
        environment: target.environment,
        kind: 'alias',
      },
      tier: target.tier,
      alias,
      expected: [{ version: isRight ? found.name : should, share: 100 }],
      found: [{ version: found.name, share: 100 }],
    });
  }

  async #compare(finding: Finding): Promise<void> {
    const { work } = this.#context;
    const present = await findPresent(work.knex, finding.place);
    const isSame = isSameDivision(finding.expected, finding.found);
    if (isSame) {
      if (present) {
        await this.#close(present);
      }
      return;
    }
    if (!present) {
      await this.#suspect(finding);
      return;
    }
    await this.#stillThere(present, finding);
  }

  async #suspect(finding: Finding): Promise<void> {
    const { work } = this.#context;
    const { place, tier, alias, expected, found } = finding;
    try {
      await work.run(async tx => {
        // Traffic that began to move meanwhile explains it
        const settled = await findSettledTarget(tx.knex, place);
        if (settled) {
          await tx.knex('outside_changes').insert({
            model_ref: place.modelRef,
            environment: place.environment,
            environment_tier: tier,
            kind: place.kind,
            state: 'suspected',
            alias,
            expected: JSON.stringify(expected),
            found: JSON.stringify(found),
            first_seen_at: tx.now,
            looked_at: tx.now,
          });
        }
      });
    } catch (error) {
      // Another replica saw it at the same moment
      if (!isUniqueViolation(error)) {
        throw error;
      }
    }
  }

  async #stillThere(
    present: OutsideChangeRow,
    { place, expected, found }: Finding,
  ): Promise<void> {
    const { work, config } = this.#context;
    const isOther =
      !isSameDivision(JSON.parse(present.found), found) ||
      !isSameDivision(JSON.parse(present.expected), expected);
    const lasts =
      work.now().getTime() - toDate(present.first_seen_at).getTime() >=
      config.outsideChanges.debounceMs;
    const raises = present.state === 'suspected' && lasts && !isOther;
    const set = {
      looked_at: work.now(),
      expected: JSON.stringify(expected),
      found: JSON.stringify(found),
      ...(present.state === 'suspected' &&
        isOther && { first_seen_at: work.now() }),
    };
    if (!raises) {
      await work
        .knex('outside_changes')
        .where({ id: present.id, state: present.state })
        .update(set);
      if (present.state === 'open') {
        await this.#followAdoption(present, isOther);
      }
      return;
    }
    await changeModel(
      { work, models: this.#models },
      place.modelRef,
      async tx => {
        if (!(await findSettledTarget(tx.knex, place))) {
          return;
        }
        const raised = await tx
          .knex('outside_changes')
          .where({ id: present.id, state: 'suspected' })
          .update({ ...set, state: 'open', raised_at: tx.now });
        if (raised === 1) {
          await this.#raise(tx, { ...present, ...set });
        }
      },
    );
  }

  async #followAdoption(
    change: OutsideChangeRow,
    isOther: boolean,
  ): Promise<void> {
    const { work } = this.#context;
    const models = this.#models;
    if (isOther && change.promotion_id !== null) {
      await changeModel({ work, models }, change.model_ref, tx =>
        reconsiderAdoption(
          tx,
          change,
          'traffic was changed without Slipway again',
        ),
      );
    }
    await setBackRefused(
      this.#context,
      { models, targets: this.#targets },
      change,
    );
  }

  async #raise(tx: Transaction, row: OutsideChangeRow): Promise<void> {
    const expected: Share[] = JSON.parse(row.expected);
    const found: Share[] = JSON.parse(row.found);
    const statement = statementOf({ ...row, expected, found });
    const model = await tx
      .knex('models')
      .where({ ref: row.model_ref })
      .first('owner', 'title');
    tx.record({
      actor: ENGINE_ACTOR,
      action: 'outside-change.raised',
      model: row.model_ref,
      subject: `outside-change:${row.id}`,
      summary: `Changed without Slipway: ${statement}`,
      details: {
        kind: row.kind,
        environment: row.environment,
        alias: row.alias,
        expected,
        found,
      },
    });
    await this.#metrics.outsideChangeRaised(tx, row);
    notifyRaised(tx, { id: row.id, modelRef: row.model_ref, model, statement });
  }

  /** What was found is as it should be again. */
  async #close(present: OutsideChangeRow): Promise<void> {
    const { work } = this.#context;
    if (present.state === 'suspected') {
      await work
        .knex('outside_changes')
        .where({ id: present.id, state: 'suspected' })
        .delete();
      return;
    }
    const promotion =
      present.promotion_id === null
        ? undefined
        : await findPromotion(work.knex, present.promotion_id);
    const otherwise = present.revert_by ? 'reverted' : 'gone';
    const because = promotion?.state === 'succeeded' ? 'adopted' : otherwise;
    await changeModel(
      { work, models: this.#models },
      present.model_ref,
      async tx => {
        const closed = await tx
          .knex('outside_changes')
          .where({ id: present.id, state: 'open' })
          .update({
            state: 'closed',
            closed_at: tx.now,
            closed_because: because,
            looked_at: tx.now,
          });
        if (closed === 1) {
          await this.#metrics.outsideChangeClosed(tx, present, because);
          await reconsiderAdoption(
            tx,
            present,
            'what it was to adopt is there no more',
          );
          tx.record({
            actor: ENGINE_ACTOR,
            action: 'outside-change.closed',
            model: present.model_ref,
            subject: `outside-change:${present.id}`,
            summary: `What was changed without Slipway in ${present.environment} is ${because}`,
            details: { because, promotion: present.promotion_id },
          });
        }
      },
    );
  }
}
