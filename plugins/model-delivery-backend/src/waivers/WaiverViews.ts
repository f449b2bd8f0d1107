import {
  modelReadPermission,
  Waiver,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { Bar } from '../approvals/bars';
import {
  findPresentBars,
  findPresentStrangers,
} from '../approvals/presentBars';
import { EngineContext } from '../context';
import { decodeCursor, Page, PageRequest, toPage } from '../database/paging';
import { ModelsService } from '../models/ModelsService';
import { findOpenPromotions } from '../promotions/promotionStore';
import { PoliciesService } from '../policies/PoliciesService';
import { VersionsService } from '../versions/VersionsService';
import { toWaiver } from './toWaiver';
import {
  findRoles,
  JoinedWaiverRow,
  OPEN_STATES,
  requireWaiver,
  selectWaivers,
} from './waiverStore';
import { listing } from '../words';
import { whyNotCounted } from './whyNotCounted';

const NOTHING: Waiver['viewer'] = {
  roles: [],
  barredBecause: null,
  mayEnd: false,
};

/** Shows waivers as one caller may see and act on them. */
export class WaiverViews {
  readonly #context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;
  readonly #models: ModelsService;
  readonly #versions: VersionsService;
  readonly #policies: PoliciesService;

  constructor(options: {
    context: Pick<EngineContext, 'work' | 'authorizer' | 'directory'>;
    models: ModelsService;
    versions: VersionsService;
    policies: PoliciesService;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#versions = options.versions;
    this.#policies = options.policies;
  }

  /** One waiver, if the caller may see its model. */
  async get(principal: Principal, id: string): Promise<Waiver> {
    const { work } = this.#context;
    const row = await requireWaiver(work.knex, Number(id));
    await this.#models.requireReadable(principal, row.model_ref);
    const roles = await findRoles(work.knex, [row.id]);
    return toWaiver(row, {
      roles: roles.get(row.id)!,
      viewer: await this.viewerOf(principal, row),
      notCounted: await this.#notCounted(row),
      now: work.now(),
    });
  }

  /** One page of a model's waivers, newest first. */
  async list(
    principal: Principal,
    modelRef: string,
    filter: { version?: string; environment?: string; gate?: string },
    page: PageRequest,
  ): Promise<Page<Waiver>> {
    const { work } = this.#context;
    const model = await this.#models.requireReadable(principal, modelRef);
    const rows: JoinedWaiverRow[] = await selectWaivers(work.knex)
      .where('waivers.model_ref', model.ref)
      .modify(query => {
        if (filter.version) {
          query.where('versions.name', filter.version);
        }
        if (filter.environment) {
          query.where('waivers.environment', filter.environment);
        }
        if (filter.gate) {
          query.where('waivers.gate', filter.gate);
        }
        if (page.cursor) {
          const [id] = decodeCursor(page.cursor, 'number');
          query.where('waivers.id', '<', id);
        }
      })
      .orderBy('waivers.id', 'desc')
      .limit(page.limit + 1);
    return this.#toPage(principal, rows, page.limit);
  }

  /** One page of what waits for the caller's decision, longest first. */
  async listToDecide(
    principal: Principal,
    page: PageRequest,
  ): Promise<Page<Waiver>> {
    const { work, authorizer, directory } = this.#context;
    const visible = await authorizer.modelFilter(
      principal,
      modelReadPermission,
    );
    const groups = principal.isUser
      ? [...(await directory.groupsOf(principal.ref))]
      : [];
    const rows: JoinedWaiverRow[] = await selectWaivers(work.knex)
      .modify(visible)
      .where('waivers.state', 'asked')
      .whereNot('waivers.asked_by', principal.ref)
      .whereExists(roles =>
        roles
          .from('waiver_roles')
          .whereRaw('waiver_roles.waiver_id = waivers.id')
          .whereIn('waiver_roles.group_ref', groups),
      )
      .modify(query => {
        if (page.cursor) {
          const [id] = decodeCursor(page.cursor, 'number');
          query.where('waivers.id', '>', id);
        }
      })
      .orderBy('waivers.id')
      .limit(page.limit + 1);
    return this.#toPage(principal, rows, page.limit);
  }

  /** What the caller may do with a waiver. */
  async viewerOf(
    principal: Principal,
    row: JoinedWaiverRow,
  ): Promise<Waiver['viewer']> {
    if (!principal.isUser || !OPEN_STATES.some(each => each === row.state)) {
      return NOTHING;
    }
    const groups = await this.#context.directory.groupsOf(principal.ref);
    const roles = (await findRoles(this.#context.work.knex, [row.id])).get(
      row.id,
    )!;
    const held = roles.filter(({ group }) => groups.has(group));
    const mayEnd = held.length > 0 || row.asked_by === principal.ref;
    if (row.state !== 'asked' || held.length === 0) {
      return { ...NOTHING, mayEnd };
    }
    const bar = await this.barOf(principal, row);
    return bar
      ? { roles: [], barredBecause: bar.because, mayEnd }
      : { roles: held.map(({ role }) => role), barredBecause: null, mayEnd };
  }

  /**
   * Who asked for a waiver, requested a promotion that needs it, trained the version or wrote a commit of it may not
   * decide on it.
   */
  async barOf(
    principal: Principal,
    row: JoinedWaiverRow,
  ): Promise<Bar | undefined> {
    const requested = (await this.#openFor(row)).find(
      each => each.requestedBy === principal.ref,
    );
    if (requested) {
      return {
        person: principal.ref,
        because: `You requested promotion ${requested.id}, which it is for`,
      };
    }
    const bars = await findPresentBars(
      { ...this.#context, versions: this.#versions },
      { ...(await this.#aboutOf(row)), requestedBy: row.asked_by },
    );
    return bars.find(each => each.person === principal.ref);
  }

  /** Why nobody may grant a waiver: it cannot be told who made the version. Undefined when it can. */
  async strangersOf(row: JoinedWaiverRow): Promise<string | undefined> {
    return findPresentStrangers(
      { ...this.#context, versions: this.#versions },
      await this.#aboutOf(row),
    );
  }

  /** Who made the version as far as it is known now: no waiver of theirs counts. */
  async makersOf(row: Pick<JoinedWaiverRow, 'model_ref' | 'version_id'>) {
    return findPresentBars(
      { ...this.#context, versions: this.#versions },
      await this.#aboutOf(row),
    );
  }

  /** Why a waiver that was granted does not count, or not for every promotion that is open. */
  async #notCounted(row: JoinedWaiverRow): Promise<string | null> {
    if (row.state !== 'granted') {
      return null;
    }
    const grantedBy = row.decided_by!;
    const makers = await this.makersOf(row);
    const because = whyNotCounted(grantedBy, { makers });
    if (because) {
      return `It does not count, since ${because}`;
    }
    const own = (await this.#openFor(row)).filter(
      each => each.requestedBy === grantedBy,
    );
    return own.length > 0
      ? `It does not count for ${listing(
          own.map(({ id }) => `promotion ${id}`),
        )}, which they requested`
      : null;
  }

  async #openFor(row: JoinedWaiverRow) {
    const open = await findOpenPromotions(
      this.#context.work.knex,
      row.model_ref,
      row.environment,
    );
    return open.filter(each => each.versionId === row.version_id);
  }

  async #aboutOf(row: Pick<JoinedWaiverRow, 'model_ref' | 'version_id'>) {
    return {
      modelRef: row.model_ref,
      versionId: row.version_id,
      policy: this.#policies.forModel(
        await this.#models.require(row.model_ref),
      ),
    };
  }

  async #toPage(
    principal: Principal,
    rows: JoinedWaiverRow[],
    limit: number,
  ): Promise<Page<Waiver>> {
    const { work } = this.#context;
    const roles = await findRoles(
      work.knex,
      rows.map(row => row.id),
    );
    const viewers = new Map<number, Waiver['viewer']>();
    const notCounted = new Map<number, string | null>();
    for (const row of rows.slice(0, limit)) {
      viewers.set(row.id, await this.viewerOf(principal, row));
      notCounted.set(row.id, await this.#notCounted(row));
    }
    return toPage(
      rows,
      limit,
      row => [row.id],
      row =>
        toWaiver(row, {
          roles: roles.get(row.id)!,
          viewer: viewers.get(row.id)!,
          notCounted: notCounted.get(row.id)!,
          now: work.now(),
        }),
    );
  }
}
