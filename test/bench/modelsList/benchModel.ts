import { Entity } from '@backstage/catalog-model';

const RISKS = ['low', 'low', 'low', 'medium', 'medium', 'high'];
const TASKS = [
  'tabular-classification',
  'tabular-regression',
  'time-series-forecasting',
  'text-classification',
];
const TEAMS = 87;

/** Name of the model with that index, the same in both databases. */
export function benchName(index: number): string {
  return `model-${String(index).padStart(5, '0')}`;
}

/** The catalog's entity of the model with that index. */
export function benchModel(index: number): Entity {
  const owner = `group:default/team-${index % TEAMS}`;
  return {
    apiVersion: 'slipway.dev/v1alpha1',
    kind: 'Model',
    metadata: {
      name: benchName(index),
      namespace: 'default',
      title: `Model ${index}`,
    },
    spec: {
      type: 'classifier',
      task: TASKS[index % TASKS.length],
      lifecycle: index % 3 === 0 ? 'experimental' : 'production',
      owner,
      risk: RISKS[index % RISKS.length],
      teamSize: 'medium',
      intendedUse: 'Measuring how fast lists are',
    },
    relations: [{ type: 'ownedBy', targetRef: owner }],
  };
}
