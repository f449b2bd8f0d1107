import {
  GateVerdict,
  modelReadPermission,
  PolicyTrial,
  PolicyTrialChange,
  policyTryPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { decodeCursor, encodeCursor, PageRequest } from '../database/paging';
import { blocks, evaluateGate, GateFacts } from '../gates/evaluateGate';
import { GateKinds } from '../gates/kinds/GateKinds';
import {
  JoinedPromotionRow,
  selectPromotions,
  toPromotionRecord,
} from '../promotions/promotionStore';
import { PromotionRecord } from '../promotions/types';
import { PoliciesService } from './PoliciesService';
import { FactsThen, LastRound } from './FactsThen';
import { Policy } from './types';
import { applyWaivers, waiversOf } from '../waivers/applyWaivers';

/**
 * Tries drafts of policies on past promotions: the same facts at the same moment, judged by the gates of the draft.
 * Writes nothing.
 */
export class PolicyTrials {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer'>;
  readonly #policies: PoliciesService;
  readonly #kinds: GateKinds;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'authorizer'>;
    policies: PoliciesService;
    kinds: GateKinds;
  }) {
    this.#context = options.context;
    this.#policies = options.policies;
    this.#kinds = options.kinds;
  }

  /**
   * One page of the promotions that the draft is for, newest first; `limit` is how many are looked at. Only those that
   * the caller may see.
   * @throws NotAllowedError
   */
  async try(
    principal: Principal,
    yaml: string,
    page: PageRequest,
  ): Promise<PolicyTrial> {
    const { work, authorizer } = this.#context;
    await authorizer.require(principal, policyTryPermission);
    const { policy, errors } = this.#policies.draft(yaml);
    if (!policy) {
      return { errors, examined: 0, items: [] };
    }
    const visible = await authorizer.modelFilter(
      principal,
      modelReadPermission,
    );
    const rows = (await selectPromotions(work.knex)
      .modify(visible)
      .where('promotions.kind', 'promotion')
      .where('promotions.round', '>', 0)
      .where('models.risk', policy.risk)
      .modify(query => {
        if (policy.teamSize) {
          query.where('models.team_size', policy.teamSize);
        }
        if (page.cursor) {
          query.where(
            'promotions.id',
            '<',
            decodeCursor(page.cursor, 'number')[0],
          );
        }
      })
      .orderBy('promotions.id', 'desc')
      .limit(page.limit + 1)) as JoinedPromotionRow[];
    const records = rows.slice(0, page.limit).map(toPromotionRecord);
    const rounds = await findLastRounds(work.knex, records);
    const facts = await FactsThen.read(work.knex, rounds);
    return {
      errors,
      examined: records.length,
      items: rounds.flatMap(round =>
        tryOn(policy, round, facts.of(round), this.#kinds),
      ),
      ...(rows.length > page.limit && {
        nextCursor: encodeCursor([records[records.length - 1].id]),
      }),
    };
  }
}

/** What the draft makes of one promotion; nothing when every gate says the same. Pure. */
function tryOn(
  policy: Policy,
  { record, verdicts, at }: LastRound,
  facts: GateFacts,
  kinds: GateKinds,
): PolicyTrialChange[] {
  const environment = policy.environments.find(
    each => each.name === record.environment,
  );
  const before = verdicts.some(blocks) ? 'blocked' : 'let-through';
  const head = {
    promotionId: String(record.id),
    model: record.modelRef,
    version: record.version,
    environment: record.environment,
    requestedAt: record.requestedAt.toISOString(),
    state: record.state,
    before,
  } as const;
  if (!environment) {
    return [{ ...head, after: 'no-such-environment', gates: [] }];
  }
  // What was waived stays so where the draft asks for the same
  const tried = applyWaivers(
    policy.gates
      .filter(gate => environment.gates.includes(gate.id))
      .map(gate => evaluateGate(gate, facts, at, kinds).verdict),
    {
      waivers: waiversOf(verdicts),
      gates: policy.gates,
      versionDigest: record.versionDigest,
      environment: record.environment,
      makers: [],
    },
  );
  const ids = new Set([...tried, ...verdicts].map(each => each.gate));
  const gates = [...ids].flatMap(id => {
    const was = verdicts.find(each => each.gate === id);
    const is = tried.find(each => each.gate === id);
    return was?.verdict === is?.verdict
      ? []
      : [
          {
            gate: id,
            title: (is ?? was)!.title,
            before: was?.verdict ?? null,
            after: is?.verdict ?? null,
            explanation: is?.explanation ?? null,
          },
        ];
  });
  return gates.length === 0
    ? []
    : [
        {
          ...head,
          after: tried.some(blocks) ? 'blocked' : 'let-through',
          gates,
        },
      ];
}

async function findLastRounds(
  knex: Knex,
  records: PromotionRecord[],
): Promise<LastRound[]> {
  const rows: { promotion_id: number; round: number; content: string }[] =
    await knex('gate_verdicts')
      .join('promotions', function onLastRound() {
        this.on('promotions.id', 'gate_verdicts.promotion_id').andOn(
          'promotions.round',
          'gate_verdicts.round',
        );
      })
      .whereIn(
        'gate_verdicts.promotion_id',
        records.map(record => record.id),
      )
      .select('gate_verdicts.promotion_id', 'gate_verdicts.content');
  return records.map(record => {
    const verdicts = rows
      .filter(row => Number(row.promotion_id) === record.id)
      .map((row): GateVerdict => JSON.parse(row.content));
    return {
      record,
      verdicts,
      at: verdicts[0] ? new Date(verdicts[0].evaluatedAt) : record.requestedAt,
    };
  });
}
