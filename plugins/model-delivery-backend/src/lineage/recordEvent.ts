import { Transaction } from '../database/UnitOfWork';
import {
  dropVersionless,
  keyOfNode,
  saveColumns,
  saveEdges,
  saveNames,
  saveNodes,
  saveSame,
} from './lineageStore';
import { CATALOG_NAMESPACE, keyOfName } from './names';
import { EventFacts } from './openLineage';
import { recordPart } from './recordPart';
import { saveRun } from './saveRun';

/**
 * Takes an event in, once by its content. Events may come in any order and more than once: what is known in the end is
 * the same.
 * @returns whether it is new
 */
export async function recordEvent(
  tx: Transaction,
  options: { actor: string; digest: string; facts: EventFacts },
): Promise<boolean> {
  const { actor, digest, facts } = options;
  const isNew =
    (
      await tx
        .knex('lineage_events')
        .insert({ digest, received_at: tx.now, reported_by: actor })
        .onConflict('digest')
        .ignore()
        .returning('digest')
    ).length > 0;
  if (!isNew) {
    return false;
  }
  const { process, partOf } = facts;
  const things = [...facts.inputs, ...facts.outputs, ...facts.mentioned];
  const names = await saveNames(tx.knex, [
    ...things.flatMap(each => [each.name, ...each.aliases]),
    ...facts.columns.map(each => each.source),
    ...(process ? [process.name] : []),
  ]);
  const nodes = await saveNodes(tx.knex, [
    ...things,
    ...(process ? [process] : []),
    ...(partOf ? [partOf.run] : []),
  ]);
  for (const { name, aliases } of things) {
    if (aliases.length > 0) {
      await saveSame(
        tx.knex,
        [name, ...aliases].map(each => names.get(keyOfName(each))!),
      );
    }
  }
  if (process) {
    const own = nodes.get(keyOfNode(process))!;
    const isRun = process.name.class === 'run';
    if (isRun) {
      const parent = partOf ? nodes.get(keyOfNode(partOf.run))! : null;
      await saveRun(tx.knex, { run: own, parent }, facts);
    }
    await saveEdges(tx.knex, [
      ...facts.inputs.map(each => ({
        source: nodes.get(keyOfNode(each))!,
        target: own,
        relation: 'input' as const,
      })),
      ...facts.outputs.map(each => ({
        source: own,
        target: nodes.get(keyOfNode(each))!,
        relation: 'output' as const,
      })),
    ]);
    await dropVersionless(tx.knex, own);
    if (isRun) {
      await recordPart(tx.knex, own);
    }
  }
  await saveColumns(tx.knex, facts.columns, { names, nodes });
  const model = things
    .map(each => each.name)
    .find(
      each =>
        each.namespace === CATALOG_NAMESPACE && each.name.startsWith('model:'),
    );
  tx.record({
    actor,
    action: 'lineage.reported',
    model: model?.name ?? null,
    subject: process
      ? `${process.name.class}:${process.name.name}`
      : `dataset:${facts.mentioned[0].name.name}`,
    summary: summaryOf(facts),
    details: {
      digest,
      state: facts.state,
      job: facts.job,
      commit: facts.commit,
      inputs: facts.inputs.length,
      outputs: facts.outputs.length,
    },
  });
  return true;
}

function summaryOf({ job, state, inputs, outputs, mentioned }: EventFacts) {
  return job
    ? `${job.name} (${state ?? 'no state'}) reads ${inputs.length} and writes ${
        outputs.length
      } data sets`
    : `The data set ${mentioned[0].name.name} was told of`;
}
