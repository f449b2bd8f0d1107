import {
  LineageGraph,
  LineageNode,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { toIsoOrNull } from '../database/values';
import { LineageWalk, WalkNode } from './LineageWalk';
import { isModelRef } from './names';
import { FoundRun, findRuns, Way } from './neighbours';
import { entityNodeId, namedNodeId } from './nodeIds';
import { findServing, Serving } from './serving';

/** Types of resources that are configuration rather than data. */
const CONFIGURATION = /config|prompt|retrieval|tool/;

/** Version rows asked for at a time. */
const BATCH = 200;

interface VersionFacts {
  digest: string;
  commit: string | null;
  trainedBy: string;
}

/** The graph as the API shows it, with what is known of its runs and versions, and where they serve. */
export async function toLineageGraph(
  knex: Knex,
  walk: LineageWalk,
  focus: WalkNode,
  direction: Way | 'both',
): Promise<LineageGraph> {
  const nodes = [...walk.nodes.values()];
  const runs = await findRuns(
    knex,
    nodes
      .filter(each => each.name?.class === 'run')
      .flatMap(each => [...each.stored]),
  );
  const released = nodes.filter(
    each => each.version !== '' && each.ref !== null && isModelRef(each.ref),
  );
  const versions = await findVersionFacts(knex, released);
  const serving = await findServing(knex, [
    ...new Set(released.map(each => each.ref!)),
  ]);
  const edges = [...walk.edges.values()];
  for (const node of nodes.filter(each => each.version !== '')) {
    const whole =
      node.ref !== null
        ? walk.nodes.get(entityNodeId(node.ref, ''))
        : undefined;
    if (whole) {
      const [from, to] = isModelRef(node.ref!)
        ? [node.id, whole.id]
        : [whole.id, node.id];
      if (!walk.edges.has(`${from}\n${to}`)) {
        edges.push({ from, to, relation: 'version' });
      }
    }
  }
  return {
    focus: focus.id,
    nodes: nodes.map(node => ({
      ...toNode(node),
      more: moreOf(node, direction),
      run: toRun([...node.stored].map(id => runs.get(id)).find(Boolean)),
      release: versions.get(node.id) ?? null,
      serving: serving
        .filter(
          each => each.model === node.ref && each.version === node.version,
        )
        .map(toServing),
    })),
    edges,
    truncated: walk.truncated,
  };
}

function toNode(
  node: WalkNode,
): Omit<LineageNode, 'run' | 'release' | 'serving' | 'more'> {
  const { hidden, entity, name, version } = node;
  return {
    id: node.id,
    kind: kindOf(node),
    title: hidden ? null : entity?.title ?? name?.name ?? node.id,
    entityRef: node.ref,
    namespace: entity || hidden ? null : name?.namespace ?? null,
    version: version === '' ? null : version,
    hops: node.hops,
  };
}

/** Where there is more, as far as was looked, and where nobody looked yet: from what leads here no other way was gone. */
function moreOf(
  { hops, hidden, more }: WalkNode,
  direction: Way | 'both',
): WalkNode['more'] {
  const isUnseen = (way: Way) =>
    way === 'upstream'
      ? hops > 0 || (hops === 0 && direction === 'downstream')
      : hops < 0 || (hops === 0 && direction === 'upstream');
  return {
    upstream: !hidden && (more.upstream || isUnseen('upstream')),
    downstream: !hidden && (more.downstream || isUnseen('downstream')),
  };
}

function kindOf({
  hidden,
  entity,
  name,
  version,
}: WalkNode): LineageNode['kind'] {
  if (hidden) {
    return 'hidden';
  }
  if (name?.class === 'run' || name?.class === 'job') {
    return name.class;
  }
  if (entity?.kind === 'resource') {
    if (entity.type === 'feature-view') {
      return 'feature-view';
    }
    return CONFIGURATION.test(entity.type ?? '') ||
      name?.kind === 'configuration'
      ? 'configuration'
      : 'dataset';
  }
  if (entity && entity.kind !== 'model') {
    return 'component';
  }
  if (entity || name?.kind === 'model') {
    return version === '' ? 'model' : 'version';
  }
  return name?.kind === 'configuration' ? 'configuration' : 'dataset';
}

function toRun(row: FoundRun | undefined): LineageNode['run'] {
  return row
    ? {
        job: { namespace: row.job_namespace, name: row.job_name },
        state: (row.state as NonNullable<LineageNode['run']>['state']) ?? null,
        startedAt: toIsoOrNull(row.started_at),
        endedAt: toIsoOrNull(row.ended_at),
        commit: row.commit,
        repository: row.repository,
        partOf:
          row.parent_run === null
            ? null
            : {
                id: namedNodeId(
                  { class: 'run', namespace: 'run', name: row.parent_run },
                  '',
                ),
                job: {
                  namespace: row.parent_job_namespace!,
                  name: row.parent_job_name!,
                },
              },
      }
    : null;
}

function toServing({
  model: _model,
  version: _version,
  ...serving
}: Serving): LineageNode['serving'][number] {
  return serving;
}

/** What is known of registered versions, by the id of their node. */
async function findVersionFacts(
  knex: Knex,
  nodes: WalkNode[],
): Promise<Map<string, VersionFacts>> {
  const facts = new Map<string, VersionFacts>();
  for (let i = 0; i < nodes.length; i += BATCH) {
    const rows: {
      model_ref: string;
      name: string;
      digest: string;
      parts: string;
      trained_by: string;
    }[] = await knex('versions')
      .whereIn(
        ['model_ref', 'name'],
        nodes
          .slice(i, i + BATCH)
          .map(each => [each.ref!, each.version] as never),
      )
      .select('model_ref', 'name', 'digest', 'parts', 'trained_by');
    rows.forEach(row =>
      facts.set(entityNodeId(row.model_ref, row.name), {
        digest: row.digest,
        commit: JSON.parse(row.parts).code?.commit ?? null,
        trainedBy: row.trained_by,
      }),
    );
  }
  return facts;
}
