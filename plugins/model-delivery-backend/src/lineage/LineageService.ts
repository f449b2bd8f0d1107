import { NotFoundError } from '@backstage/errors';
import {
  ColumnLineage,
  LineageGraph,
  lineageReadPermission,
  lineageReportPermission,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { ModelsService } from '../models/ModelsService';
import { digestOf } from '../policies/digest';
import { CatalogView } from './CatalogView';
import { findColumns } from './findColumns';
import { LineageWalk, WalkBounds, WalkNode } from './LineageWalk';
import { isModelRef } from './names';
import { Way } from './neighbours';
import { parseNodeId } from './nodeIds';
import { requireSomeModels } from './requireSomeModels';
import { readOpenLineageEvent } from './openLineage';
import { checkOpenLineageEvent } from './openLineageSchema';
import { recordEvent } from './recordEvent';
import { toLineageGraph } from './toLineageGraph';

/** Takes in what was made of what, and shows it. */
export class LineageService {
  readonly #context: EngineContext;
  readonly #models: ModelsService;

  constructor(context: EngineContext, models: ModelsService) {
    this.#context = context;
    this.#models = models;
  }

  /**
   * Takes in an event of OpenLineage.
   * @returns whether it is new; the same one again changes nothing
   * @throws InputError, NotAllowedError
   */
  async report(principal: Principal, event: unknown): Promise<boolean> {
    const { authorizer, work } = this.#context;
    await authorizer.require(principal, lineageReportPermission);
    checkOpenLineageEvent(event);
    const facts = readOpenLineageEvent(event);
    const digest = digestOf(event);
    return work.run(tx =>
      recordEvent(tx, { actor: principal.ref, digest, facts }),
    );
  }

  /**
   * What a node was made of, and what was made of it. What the caller may not see is there without a name, and nothing
   * behind it.
   * @throws InputError for an id that is none; NotFoundError when nothing is known of it, NotAllowedError
   */
  async graph(
    principal: Principal,
    asked: WalkBounds & { node: string; direction: Way | 'both' },
  ): Promise<LineageGraph> {
    const { walk, focus } = await this.walkFrom(principal, asked.node, asked);
    for (const way of ['upstream', 'downstream'] as const) {
      if (asked.direction === way || asked.direction === 'both') {
        await walk.look([focus], way);
      }
    }
    return toLineageGraph(
      this.#context.work.knex,
      walk,
      focus,
      asked.direction,
    );
  }

  /**
   * Which columns a data set was made of, as far as events told.
   * @throws InputError, NotFoundError, NotAllowedError
   */
  async columns(principal: Principal, node: string): Promise<ColumnLineage> {
    const { focus, walk } = await this.walkFrom(principal, node, {
      depth: 1,
      limit: 1_000,
      fanOut: 500,
    });
    return findColumns(this.#context.work.knex, walk, focus);
  }

  /** Begins at a node that the caller may see. */
  async walkFrom(
    principal: Principal,
    node: string,
    bounds: WalkBounds,
  ): Promise<{ walk: LineageWalk; focus: WalkNode }> {
    const { authorizer, work } = this.#context;
    const reference = parseNodeId(node);
    if (reference.kind === 'entity' && isModelRef(reference.ref)) {
      await this.#models.requireReadable(principal, reference.ref);
    } else {
      await requireSomeModels(authorizer, principal);
    }
    const walk = new LineageWalk({
      knex: work.knex,
      catalog: new CatalogView(this.#context, principal),
      bounds,
      seesNamed: await authorizer.may(principal, lineageReadPermission),
    });
    const focus = await walk.begin(reference);
    if (!focus) {
      throw new NotFoundError(
        `Nothing is known of ${node}, or you may not see it`,
      );
    }
    return { walk, focus };
  }
}
