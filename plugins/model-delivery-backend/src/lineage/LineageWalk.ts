import { Knex } from 'knex';
import { CatalogView, relatedTo, SeenEntity } from './CatalogView';
import {
  findEntities,
  findKnownNames,
  linkPrivate,
  namesOfEntity,
} from './knownNames';
import { BASE_MODELS, isModelRef, keyOfName, LineageName } from './names';
import {
  findGroups,
  findNeighbours,
  findNodesOf,
  findVersioned,
  findVersionsOf,
  StoredNode,
  Way,
} from './neighbours';
import { findServing } from './serving';
import { entityNodeId, namedNodeId, NodeReference } from './nodeIds';

/** A node on the way. */
export interface WalkNode {
  id: string;
  /** Whether it is one that the caller may not see: it has no name, and nothing is looked for behind it. */
  hidden: boolean;
  /** Entity ref; null for what the catalog does not have. */
  ref: string | null;
  entity: SeenEntity | null;
  name: LineageName | null;
  version: string;
  /** Ids of what is stored of it. */
  stored: Set<number>;
  /** The things that it is by the names of events; known of the first look on. */
  groups: Set<number>;
  /** Steps from where one began: below 0 upstream, above 0 downstream. */
  hops: number;
  more: Record<Way, boolean>;
}

/** That one thing was made of another, or leads to it. */
export interface WalkEdge {
  from: string;
  to: string;
  relation: string;
}

interface Found {
  /** Id of the node that it is beside. */
  beside: string;
  relation: string;
  node: StoredNode | { ref: string; version: string };
}

/** How far is looked. */
export interface WalkBounds {
  depth: number;
  /** Nodes at most. */
  limit: number;
  /** Neighbours of one node at most, each way. */
  fanOut: number;
}

/**
 * Looks along what is stored and what the catalog says, step by step: each step is one statement for all nodes of it, and
 * one question to the catalog for the entities that are new. Nodes that the catalog knows by another name than events do
 * are one.
 */
export class LineageWalk {
  readonly nodes = new Map<string, WalkNode>();
  readonly edges = new Map<string, WalkEdge>();
  truncated = false;

  readonly #knex: Knex;
  readonly #catalog: CatalogView;
  readonly #bounds: WalkBounds;
  readonly #seesNamed: boolean;
  readonly #hidden = new Map<string, string>();
  /** Nodes by what is stored of them. */
  readonly #byStored = new Map<number, WalkNode>();

  constructor(options: {
    knex: Knex;
    catalog: CatalogView;
    bounds: WalkBounds;
    /** Whether the caller may see what the catalog does not have. */
    seesNamed: boolean;
  }) {
    this.#knex = options.knex;
    this.#catalog = options.catalog;
    this.#bounds = options.bounds;
    this.#seesNamed = options.seesNamed;
  }

  /** The node to begin at, or undefined when nothing is known of it, or the caller may not see it. */
  async begin(reference: NodeReference): Promise<WalkNode | undefined> {
    if (reference.kind === 'entity') {
      const [node] = await this.#take(
        [
          {
            beside: '',
            relation: '',
            node: { ref: reference.ref, version: reference.version },
          },
        ],
        0,
        'downstream',
      );
      const isKnown =
        node &&
        !node.hidden &&
        node.entity !== null &&
        (node.version === '' || node.stored.size > 0);
      return isKnown ? node : undefined;
    }
    const groups = [
      ...(await findGroups(this.#knex, [reference.name])).values(),
    ];
    const stored = await findNodesOf(this.#knex, groups, [reference.version]);
    const all =
      stored.length > 0 || reference.version !== ''
        ? stored
        : (await findVersionsOf(this.#knex, groups, 1)).map(each => ({
            ...each,
            id: -1,
            version: '',
          }));
    const [node] = await this.#take(
      all.map(each => ({ beside: '', relation: '', node: each })),
      0,
      'downstream',
    );
    return node && !node.hidden ? node : undefined;
  }

  /** Looks one way from a node on, to the end of the bounds. */
  async look(from: WalkNode[], way: Way): Promise<void> {
    let frontier = from;
    const sign = way === 'upstream' ? -1 : 1;
    for (let hop = 1; frontier.length > 0; hop++) {
      const found = await this.#beside(frontier, way);
      if (hop > this.#bounds.depth) {
        // Only to say where there is more
        found
          .filter(each => !this.#isKnown(each))
          .forEach(each => {
            this.nodes.get(each.beside)!.more[way] = true;
          });
        return;
      }
      frontier = await this.#take(found, sign * hop, way);
    }
  }

  /** Looks downstream from what read a thing of which nobody said the version. */
  async lookVersionless(node: WalkNode): Promise<void> {
    const found = (
      await findNeighbours(
        this.#knex,
        [...node.stored].filter(id => id > 0),
        'downstream',
        this.#bounds.fanOut,
      )
    ).map(each => ({ beside: node.id, relation: each.relation, node: each }));
    await this.look(
      await this.#take(this.#bounded(found, 'downstream'), 1, 'downstream'),
      'downstream',
    );
  }

  /** Takes further nodes in, by their stored ids, as the caller may see them. */
  async see(nodes: StoredNode[]): Promise<Map<number, WalkNode>> {
    await this.#take(
      nodes.map(node => ({ beside: '', relation: '', node })),
      0,
      'upstream',
    );
    return new Map(
      nodes.flatMap(({ id }) => {
        const node = this.#byStored.get(id);
        return node ? [[id, node] as const] : [];
      }),
    );
  }

  #isKnown({ node }: Found): boolean {
    return 'ref' in node
      ? this.nodes.has(entityNodeId(node.ref, node.version))
      : this.#byStored.has(node.id);
  }

  /** What is beside the nodes by the stored edges, by the catalog's relations, and as version of a thing. */
  async #beside(frontier: WalkNode[], way: Way): Promise<Found[]> {
    const { fanOut } = this.#bounds;
    const open = frontier.filter(each => !each.hidden);
    const owners = new Map<number, string>();
    open.forEach(each =>
      each.stored.forEach(id => id > 0 && owners.set(id, each.id)),
    );
    const found: Found[] = (
      await findNeighbours(this.#knex, [...owners.keys()], way, fanOut)
    ).map(node => ({
      beside: owners.get(node.beside)!,
      relation: node.relation,
      node,
    }));
    for (const each of open) {
      const model = each.ref?.startsWith('model:') ?? false;
      if (each.entity && each.version === '') {
        found.push(
          ...relatedTo(each.entity, way).map(({ type, ref }) => ({
            beside: each.id,
            relation: type,
            node: { ref, version: '' },
          })),
        );
      }
      if (model && each.version !== '' && way === 'downstream') {
        found.push({
          beside: each.id,
          relation: 'version',
          node: { ref: each.ref!, version: '' },
        });
      }
    }
    found.push(...(await this.#versionsOf(open, way)));
    return this.#bounded(found, way);
  }

  /** The versions of a model lead to it; a data set leads to its versions. */
  async #versionsOf(nodes: WalkNode[], way: Way): Promise<Found[]> {
    const { fanOut } = this.#bounds;
    const whole = nodes.filter(
      ({ version, name, ref }) =>
        version === '' &&
        name?.class !== 'run' &&
        name?.class !== 'job' &&
        (ref !== null && isModelRef(ref)) === (way === 'upstream'),
    );
    const versioned = await findVersioned(
      this.#knex,
      whole.flatMap(each => [...each.groups]),
    );
    const found: Found[] = [];
    for (const { id, ref, groups: all } of whole) {
      const groups = [...all].filter(group => versioned.has(group));
      const serving =
        way === 'upstream' && groups.length > 0
          ? await findServing(this.#knex, [ref!])
          : [];
      const versions = new Map(
        [
          ...(await findNodesOf(
            this.#knex,
            serving.length > 0 ? groups : [],
            serving.map(({ version }) => version),
          )),
          ...(await findVersionsOf(this.#knex, groups, fanOut + 1)),
        ].map(node => [node.id, node]),
      );
      found.push(
        ...[...versions.values()].map(node => ({
          beside: id,
          relation: 'version',
          node,
        })),
      );
    }
    return found;
  }

  #bounded(found: Found[], way: Way): Found[] {
    const counts = new Map<string, number>();
    return found.filter(({ beside }) => {
      const count = (counts.get(beside) ?? 0) + 1;
      counts.set(beside, count);
      if (count > this.#bounds.fanOut) {
        this.nodes.get(beside)!.more[way] = true;
        return false;
      }
      return true;
    });
  }

  /** Takes what was found into the graph. @returns the nodes that are new */
  async #take(found: Found[], hops: number, way: Way): Promise<WalkNode[]> {
    const names = await findKnownNames(
      this.#knex,
      found.flatMap(({ node }) => ('ref' in node ? [] : [node])),
    );
    const refs = await findEntities(this.#knex, names);
    await this.#catalog.load([
      ...refs.values(),
      ...found.flatMap(({ node }) => ('ref' in node ? [node.ref] : [])),
      ...[...names.values()]
        .flat()
        .map(each => each.namespace)
        .filter(isModelRef),
    ]);
    linkPrivate(this.#catalog, names, refs);
    await this.#catalog.load([...refs.values()]);

    const fresh: WalkNode[] = [];
    for (const each of found) {
      if ('ref' in each.node && !this.#catalog.entity(each.node.ref)) {
        // The catalog refers to what it does not have
        continue;
      }
      const candidate = this.#toNode(each, { names, refs, hops });
      const known = this.nodes.get(candidate.id);
      if (!known && this.nodes.size >= this.#bounds.limit) {
        this.truncated = true;
        const beside = this.nodes.get(each.beside);
        if (beside) {
          beside.more[way] = true;
        }
        continue;
      }
      const node = known ?? candidate;
      if (!('ref' in each.node)) {
        this.#byStored.set(each.node.id, node);
      }
      candidate.stored.forEach(id => node.stored.add(id));
      candidate.groups.forEach(id => node.groups.add(id));
      if (!known) {
        this.nodes.set(node.id, node);
        fresh.push(node);
      }
      if (each.beside !== '' && each.beside !== node.id) {
        const [from, to] =
          way === 'upstream' ? [node.id, each.beside] : [each.beside, node.id];
        this.edges.set(`${from}\n${to}`, { from, to, relation: each.relation });
      }
    }
    await this.#gather(fresh);
    return fresh;
  }

  #toNode(
    { node }: Found,
    known: {
      names: Map<number, LineageName[]>;
      refs: Map<number, string>;
      hops: number;
    },
  ): WalkNode {
    const ref = 'ref' in node ? node.ref : known.refs.get(node.group) ?? null;
    const entity = ref === null ? undefined : this.#catalog.entity(ref);
    const name = 'ref' in node ? null : known.names.get(node.group)![0];
    const base = {
      ref: null,
      entity: null,
      name: null,
      version: '',
      stored: new Set<number>(),
      groups: new Set<number>(),
      hops: known.hops,
      more: { upstream: false, downstream: false },
    };
    if (entity === 'hidden' || (entity === undefined && !this.#sees(name))) {
      const key = ref ?? namedNodeId(name!, '');
      if (!this.#hidden.has(key)) {
        this.#hidden.set(key, `hidden:${this.#hidden.size + 1}`);
      }
      return { ...base, id: this.#hidden.get(key)!, hidden: true };
    }
    return {
      ...base,
      id:
        entity || !name
          ? entityNodeId(ref!, node.version)
          : namedNodeId(name, node.version),
      hidden: false,
      ref: entity ? ref : null,
      entity: entity ?? null,
      name,
      version: node.version,
      ...('ref' in node
        ? {}
        : { stored: new Set([node.id]), groups: new Set([node.group]) }),
    };
  }

  /** What a version that one may see says of itself one may see too; the rest takes a permission of its own. */
  #sees(name: LineageName | null): boolean {
    if (name === null) {
      return false;
    }
    if (isModelRef(name.namespace)) {
      const model = this.#catalog.entity(name.namespace);
      return model !== undefined && model !== 'hidden';
    }
    return this.#seesNamed || name.namespace === BASE_MODELS;
  }

  /** Finds what is stored of entities under each of their names. */
  async #gather(nodes: WalkNode[]): Promise<void> {
    const open = nodes.filter(each => each.entity !== null);
    const wanted = new Map<string, WalkNode[]>();
    const all: LineageName[] = [];
    for (const node of open) {
      for (const name of namesOfEntity(
        this.#catalog,
        node.ref!,
        node.entity!,
      )) {
        const key = keyOfName(name);
        wanted.set(key, [...(wanted.get(key) ?? []), node]);
        all.push(name);
      }
    }
    const groups = await findGroups(this.#knex, all);
    for (const [key, group] of groups) {
      wanted.get(key)?.forEach(node => node.groups.add(group));
    }
    // Each thing was looked up with the names of all nodes of it
    const everyGroup = [...new Set(open.flatMap(each => [...each.groups]))];
    const stored = await findNodesOf(this.#knex, everyGroup, [
      ...new Set(open.map(each => each.version)),
    ]);
    for (const node of open) {
      stored
        .filter(
          each => node.groups.has(each.group) && each.version === node.version,
        )
        .forEach(each => {
          node.stored.add(each.id);
          this.#byStored.set(each.id, node);
        });
    }
  }
}
