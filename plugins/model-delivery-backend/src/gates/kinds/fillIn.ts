import {
  ConditionGateKind,
  GateParameters,
} from '@slipway/backstage-plugin-model-delivery-node';
import { capitalize, metricName, metricValue } from '../../words';
import { KnownKind } from './GateKinds';

const PLACEHOLDER = /\{([a-z][A-Za-z0-9]*)\}/g;

/** The parameters that a text speaks of. */
export function placeholdersOf(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name]) => name);
}

/** What a kind comes to with its parameters. */
export interface FilledGate {
  title: string;
  description?: string;
  requires: string[];
  reads: string[];
  /** CEL, or the kind with its parameters where code judges. */
  when: string;
  tolerance?: ConditionGateKind['tolerance'];
}

/** Puts parameters in the places that a kind left for them. Pure. */
export function fillIn(
  kind: KnownKind,
  parameters: GateParameters,
): FilledGate {
  const literally = (text: string) =>
    text
      .replace(PLACEHOLDER, (_, name: string) => literal(parameters[name]))
      // What a parameter leaves as it was need not be read
      .replace(/ [+-] 0\.0(?= |$)/g, '');
  const inWords = (text: string) =>
    text.replace(PLACEHOLDER, (_, name: string) => {
      const value = parameters[name];
      const unit = kind.parameters[name]?.unit;
      return typeof value === 'number'
        ? metricValue('', value, unit)
        : metricName(String(value));
    });
  const { description } = kind;
  return {
    title: capitalize(inWords(kind.title)),
    ...(description !== undefined && { description: inWords(description) }),
    requires: kind.requires.map(literally),
    reads: kind.reads.map(literally),
    when: 'when' in kind ? literally(kind.when) : callText(kind.id, parameters),
    ...('tolerance' in kind &&
      kind.tolerance && {
        tolerance: {
          ...kind.tolerance,
          metric: literally(kind.tolerance.metric),
        },
      }),
  };
}

/** A number as CEL writes a double; anything else as it is. */
function literal(value: number | string | boolean): string {
  const text = String(value);
  return typeof value === 'number' && Number.isInteger(value) && !/e/.test(text)
    ? `${text}.0`
    : text;
}

/** A kind with its parameters, in the order of their names: `answers-toxic(atMost: 0.01)`. */
function callText(id: string, parameters: GateParameters): string {
  const given = Object.keys(parameters)
    .sort()
    .map(name => `${name}: ${JSON.stringify(parameters[name])}`);
  return `${id}(${given.join(', ')})`;
}
