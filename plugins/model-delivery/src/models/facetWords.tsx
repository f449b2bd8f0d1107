import { ReactNode } from 'react';
import type {
  ModelSummary,
  Risk,
} from '@slipway/backstage-plugin-model-delivery-common';
import { fieldsInWords, PersonName, RiskBars, StateLabel } from '../components';
import { cardStates, healthStates, waitingKinds } from '../components/states';
import type { FacetName } from './modelsQuery';

/** Headings of the facets. */
export const facetTitles: Record<FacetName, string> = {
  waiting: 'Waiting',
  risk: 'Risk',
  health: 'Health',
  owner: 'Owner',
  system: 'System',
  lifecycle: 'Lifecycle',
  serving: 'Serving in',
  tier: 'Tier',
  task: 'Task',
  framework: 'Framework',
  card: 'Model card',
  toBeCompleted: 'To be completed',
};

/** Facets that are folded until a value of theirs is picked: what is told by another one too, or asked for less often. */
export const FOLDED: FacetName[] = [
  'system',
  'tier',
  'task',
  'framework',
  'card',
];

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
  if (name === 'card' && value in cardStates) {
    return <StateLabel card={value as ModelSummary['card']['state']} />;
  }
  if (name === 'toBeCompleted') {
    return fieldsInWords([value]);
  }
  if (name === 'owner') {
    return <PersonName principal={value} plain />;
  }
  if (name === 'system') {
    return shortRef(value);
  }
  return value;
}

/** The name of a system in the default namespace; that with its namespace otherwise. */
export function shortRef(ref: string): string {
  return ref.replace(/^[^:]*:(default\/)?/, '');
}
