import { Transaction } from '../database/UnitOfWork';
import { EvaluationRow } from '../evaluations/EvaluationRecord';
import { ModelRecord } from '../models/ModelRecord';
import { faultyDataOf } from '../policies/faultyData';
import { VersionRecord } from '../versions/VersionRecord';
import { sentence } from '../words';
import { dataOf, FaultRow } from './faultStore';
import { linkFor, linkTo, wordsFor } from './faultWords';
import { Impact } from './findImpact';
import { FoundImpact } from './ImpactFinder';

/** Writes down what was said, and tells each owner what it means for them. */
export function tellFault(
  tx: Transaction,
  row: FaultRow,
  { dataset, impact }: FoundImpact,
): void {
  const what = dataOf(row);
  tx.record({
    actor: row.raised_by,
    action: 'data.faulty',
    model: null,
    subject: `dataset:${dataset}`,
    summary: `${what} is faulty: ${row.reason}`,
    details: {
      dataset,
      version: row.version,
      versions: impact.versions.map(each => `${each.model}@${each.version}`),
      owners: impact.owners,
      policies: [...new Set(impact.goesBy.values())].map(policy => ({
        policy: policy.name,
        digest: policy.digest,
        faultyData: faultyDataOf(policy),
        revokes: impact.versions
          .filter(
            each => each.revokes && impact.goesBy.get(each.model) === policy,
          )
          .map(each => `${each.model}@${each.version}`),
      })),
    },
  });
  for (const owner of impact.owners) {
    tx.publish({
      topic: 'notification',
      payload: {
        recipients: [owner],
        title: `${what} is faulty`,
        description: `${sentence(row.reason)} ${wordsFor(impact, owner)}`,
        link: linkFor(impact, owner, dataset),
        severity: 'high',
        scope: `data-fault:${row.id}:${owner}`,
      },
    });
  }
}

/** Tells the owner of a version that is measured anew that this does not count. */
export function tellReported(
  tx: Transaction,
  row: FaultRow,
  how: string,
  reported: {
    model: ModelRecord;
    version: VersionRecord;
    evaluation: EvaluationRow;
  },
): void {
  const { model, version, evaluation } = reported;
  const name = `${model.title} ${version.name}`;
  tx.publish({
    topic: 'notification',
    payload: {
      recipients: [model.owner],
      title: `What is reported of ${name} does not count`,
      description: `${dataOf(row)}, which ${how}, is faulty, so that ${
        evaluation.external_id
      } was revoked as it came, and what comes after it is. ${sentence(
        row.reason,
      )}`,
      link: linkTo(model.ref, row.dataset),
      severity: 'normal',
      scope: `data-fault:${row.id}:reported:${version.id}`,
    },
  });
}

/** Writes down that a fault was taken back, and tells whom it had been told. */
export function tellWithdrawn(
  tx: Transaction,
  row: FaultRow,
  withdrawn: { by: string; reason: string; impact: Impact | undefined },
): void {
  const { by, reason, impact } = withdrawn;
  const what = dataOf(row);
  tx.record({
    actor: by,
    action: 'data.faulty-withdrawn',
    model: null,
    subject: `dataset:${row.dataset}`,
    summary: `Took back that ${what} is faulty: ${reason}`,
    details: {
      fault: String(row.id),
      dataset: row.dataset,
      version: row.version,
    },
  });
  for (const owner of JSON.parse(row.notified) as string[]) {
    tx.publish({
      topic: 'notification',
      payload: {
        recipients: [owner],
        title: `${what} is no longer said to be faulty`,
        description: `${sentence(
          reason,
        )} What was revoked stays so; what is reported of your versions from now on counts again.`,
        link: impact?.owners.includes(owner)
          ? linkFor(impact, owner, row.dataset)
          : '/models',
        severity: 'normal',
        scope: `data-fault:${row.id}:withdrawn:${owner}`,
      },
    });
  }
}
