import { ComponentType } from 'react';
import type { ModelSummary } from '@slipway/backstage-plugin-model-delivery-common';
import { ReviewDueMark } from '../breakGlass/ReviewDueMark';
import { PersonName, RiskBars, StateLabel, Sub, Time } from '../components';
import { DeploymentTicks } from './DeploymentTicks';
import { shortRef } from './facetWords';
import { Grey, InProduction, Waiting } from './modelCells';

/** A value of a column in the exported table. */
export type CsvValue = string | number | null;

/** One column of the list of models, beside the model's own. */
export interface ModelColumn {
  id: string;
  title: string;
  /** The least width in pixels, below which the table scrolls sideways. */
  least: number;
  /** Its part of the width that is left; 0 keeps it at the least. */
  part: number;
  className?: string;
  Cell: ComponentType<{ model: ModelSummary }>;
  /** What it is in the exported table. */
  csv: [string, (model: ModelSummary) => CsvValue][];
}

const text = (value: string | null) => value ?? <Grey>None</Grey>;

/** Every column there is, in their order. One more here is one more to choose. */
export const MODEL_COLUMNS: ModelColumn[] = [
  {
    id: 'owner',
    title: 'Owner',
    least: 70,
    part: 1.1,
    className: 'owner',
    Cell: ({ model }) => <PersonName principal={model.owner} />,
    csv: [['owner', model => model.owner]],
  },
  {
    id: 'system',
    title: 'System',
    least: 90,
    part: 1,
    className: 'owner',
    Cell: ({ model }) => <>{text(model.system && shortRef(model.system))}</>,
    csv: [['system', model => model.system]],
  },
  {
    id: 'risk',
    title: 'Risk, tier',
    least: 80,
    part: 1,
    Cell: ({ model }) => (
      <>
        <RiskBars risk={model.risk} />
        <Sub>{model.tier}</Sub>
      </>
    ),
    csv: [
      ['risk', model => model.risk],
      ['tier', model => model.tier],
    ],
  },
  {
    id: 'lifecycle',
    title: 'Lifecycle',
    least: 90,
    part: 0.8,
    Cell: ({ model }) => <>{model.lifecycle}</>,
    csv: [['lifecycle', model => model.lifecycle]],
  },
  {
    id: 'framework',
    title: 'Framework',
    least: 90,
    part: 0.8,
    className: 'owner',
    Cell: ({ model }) => <>{text(model.framework)}</>,
    csv: [['framework', model => model.framework]],
  },
  {
    id: 'production',
    title: 'In production',
    least: 90,
    part: 1.15,
    Cell: ({ model }) => <InProduction model={model} />,
    csv: [
      ['production version', model => model.production?.version ?? null],
      ['in production since', model => model.production?.since ?? null],
    ],
  },
  {
    id: 'serving',
    title: 'Serving in',
    least: 100,
    part: 1,
    Cell: ({ model }) => <>{text(model.servingIn.join(', ') || null)}</>,
    csv: [['serving in', model => model.servingIn.join(' ')]],
  },
  {
    id: 'health',
    title: 'Health',
    least: 90,
    part: 1.2,
    Cell: ({ model }) => (
      <>
        <StateLabel health={model.health.state} />
        {model.health.state !== 'ok' && model.health.detail && (
          <Sub>{model.health.detail}</Sub>
        )}
      </>
    ),
    csv: [['health', model => model.health.state]],
  },
  {
    id: 'card',
    title: 'Model card',
    least: 100,
    part: 0.8,
    Cell: ({ model: { card } }) => (
      <>
        <StateLabel card={card.state} />
        {card.writtenAt && (
          <Sub>
            Written <Time at={card.writtenAt} />
          </Sub>
        )}
      </>
    ),
    csv: [
      ['model card', ({ card }) => card.state],
      ['model card written', ({ card }) => card.writtenAt],
    ],
  },
  {
    id: 'waiting',
    title: 'Waiting',
    least: 90,
    part: 1.2,
    Cell: ({ model }) => (
      <>
        <Waiting waiting={model.waiting} hasReview={!!model.reviewDue} />
        <ReviewDueMark reviewDue={model.reviewDue} />
      </>
    ),
    csv: [['waiting', model => model.waiting.kind]],
  },
  {
    id: 'latest',
    title: 'Latest',
    least: 80,
    part: 0.7,
    Cell: ({ model }) => <>{text(model.latestVersion)}</>,
    csv: [['latest version', model => model.latestVersion]],
  },
  {
    id: 'versions',
    title: 'Versions',
    least: 64,
    part: 0,
    className: 'num',
    Cell: ({ model }) => <>{model.versionCount.toLocaleString('en')}</>,
    csv: [['versions', model => model.versionCount]],
  },
  {
    id: 'deployed',
    title: 'Deployed',
    least: 78,
    part: 0,
    className: 'num wide',
    Cell: ({ model }) =>
      model.lastDeployedAt ? (
        <Time at={model.lastDeployedAt} />
      ) : (
        <Grey>Never</Grey>
      ),
    csv: [['last deployed', model => model.lastDeployedAt]],
  },
  {
    id: 'trend',
    title: 'Last 90 days',
    least: 84,
    part: 0,
    className: 'wide',
    Cell: ({ model }) => (
      <DeploymentTicks deployments={model.recentDeployments} />
    ),
    csv: [
      [
        'production deployments in 90 days',
        model => model.recentDeployments.length,
      ],
    ],
  },
];

/** The columns of whoever chose none. */
export const USUAL_COLUMNS = [
  'owner',
  'risk',
  'production',
  'health',
  'waiting',
  'deployed',
  'trend',
];

/** The columns with these ids, in the table's own order; unknown ids are left out. */
export function columnsOf(ids: string[]): ModelColumn[] {
  return MODEL_COLUMNS.filter(({ id }) => ids.includes(id));
}
