import { ReactNode } from 'react';
import type {
  ModelSummary,
  Risk,
} from '@slipway/backstage-plugin-model-delivery-common';
import { PersonName, RiskBars, StateLabel } from '../components';
import { healthStates, waitingKinds } from '../components/states';
import type { FacetName } from './modelsQuery';

/** Headings of the facets. */
export const facetTitles: Record<FacetName, string> = {
  waiting: 'Waiting',
  risk: 'Risk',
  health: 'Health',
  owner: 'Owner',
  lifecycle: 'Lifecycle',
  serving: 'Serving in',
  task: 'Task',
};

/** A value of a facet as the table says it. */
export function facetValue(name: FacetName, value: string): ReactNode {
  if (name === 'risk' && ['low', 'medium', 'high'].includes(value)) {
    return <RiskBars risk={value as Risk} />;
  }
  if (name === 'health' && value in healthStates) {
    return <StateLabel health={value as ModelSummary['health']['state']} />;
  }
  if (name === 'waiting' && value in waitingKinds) {
    return waitingKinds[value as ModelSummary['waiting']['kind']].label;
  }
  if (name === 'owner') {
    return <PersonName principal={value} plain />;
  }
  return value;
}
