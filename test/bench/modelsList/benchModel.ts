import { Entity } from '@backstage/catalog-model';

const RISKS = ['low', 'low', 'low', 'medium', 'medium', 'high'];
const TASKS = [
  'tabular-classification',
  'tabular-regression',
  'time-series-forecasting',
  'text-classification',
];
const FRAMEWORKS = ['scikit-learn', 'pytorch', 'xgboost', 'lightgbm', 'keras'];
const TEAMS = 87;
const SYSTEMS = 200;

/** Name of the model with that index, the same in both databases. */
export function benchName(index: number): string {
  return `model-${String(index).padStart(5, '0')}`;
}

/** The catalog's entity of the model with that index; of the same name in a registry, such as `mlflow://main`, where one is given. */
export function benchModel(index: number, registry?: string): Entity {
  const owner = `group:default/team-${index % TEAMS}`;
  const system = `system:default/system-${index % SYSTEMS}`;
  return {
    apiVersion: 'slipway.dev/v1alpha1',
    kind: 'Model',
    metadata: {
      name: benchName(index),
      namespace: 'default',
      title: `Model ${index}`,
      annotations: {
        'slipway.dev/framework': FRAMEWORKS[index % FRAMEWORKS.length],
        ...(registry && {
          'slipway.dev/registry': `${registry}/${benchName(index)}`,
        }),
        // The catalog asks of each entity where it is from
        'backstage.io/managed-by-location': 'url:https://bench.invalid',
        'backstage.io/managed-by-origin-location': 'url:https://bench.invalid',
      },
    },
    spec: {
      type: 'classifier',
      task: TASKS[index % TASKS.length],
      lifecycle: index % 3 === 0 ? 'experimental' : 'production',
      owner,
      system,
      risk: RISKS[index % RISKS.length],
      teamSize: 'medium',
      intendedUse: 'Measuring how fast lists are',
    },
    relations: [
      { type: 'ownedBy', targetRef: owner },
      { type: 'partOf', targetRef: system },
    ],
  };
}
