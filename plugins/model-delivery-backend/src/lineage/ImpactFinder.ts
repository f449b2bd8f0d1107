import { NotFoundError } from '@backstage/errors';
import { lineageReadPermission } from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { Policies } from '../policies/types';
import { CatalogView } from './CatalogView';
import { findImpact, Impact, IMPACT_BOUNDS } from './findImpact';
import { LineageWalk, WalkNode } from './LineageWalk';
import { entityNodeId, namedNodeId, parseNodeId } from './nodeIds';
import { requireSomeModels } from './requireSomeModels';

/** A data set, and what it affects if it is faulty. */
export interface FoundImpact {
  /** Its node, without a version. */
  dataset: string;
  title: string;
  impact: Impact;
}

/** Finds what a faulty data set affects, as somebody may see it. */
export class ImpactFinder {
  readonly #context: EngineContext;
  readonly #policies: Pick<Policies, 'forModel'>;

  constructor(options: {
    context: EngineContext;
    policies: Pick<Policies, 'forModel'>;
  }) {
    this.#context = options.context;
    this.#policies = options.policies;
  }

  /** @throws InputError, NotFoundError, NotAllowedError */
  async find(
    principal: Principal,
    asked: { dataset: string; version?: string | null },
  ): Promise<FoundImpact> {
    const { authorizer, work } = this.#context;
    const reference = parseNodeId(asked.dataset);
    await requireSomeModels(authorizer, principal);
    const catalog = new CatalogView(this.#context, principal);
    const seesNamed = await authorizer.may(principal, lineageReadPermission);
    const begin = async (version: string) => {
      const walk = new LineageWalk({
        knex: work.knex,
        catalog,
        bounds: IMPACT_BOUNDS,
        seesNamed,
      });
      return { walk, node: await walk.begin({ ...reference, version }) };
    };
    const pinned = asked.version ?? '';
    const certain = await begin(pinned);
    const whole = pinned === '' ? null : await begin('');
    const node = certain.node ?? whole?.node;
    if (!node) {
      throw new NotFoundError(
        `Nothing is known of ${asked.dataset}, or you may not see it`,
      );
    }
    if (certain.node) {
      await certain.walk.look([certain.node], 'downstream');
    }
    if (whole?.node) {
      await whole.walk.lookVersionless(whole.node);
    }
    return {
      dataset:
        reference.kind === 'entity'
          ? entityNodeId(reference.ref, '')
          : namedNodeId(reference.name, ''),
      title: titleOf(node, asked.dataset),
      impact: await findImpact(work.knex, catalog, this.#policies, {
        certain: certain.walk,
        possible: whole?.walk ?? null,
      }),
    };
  }
}

function titleOf(node: WalkNode, fallback: string): string {
  return node.entity?.title ?? node.name?.name ?? fallback;
}
