import { Gate } from '../policies/types';
import {
  capitalize,
  duration,
  listing,
  metricName,
  metricValue,
} from '../words';
import { ageSeconds, GateInput, isTooOld, Judged } from './evaluateGate';
import { parseFact } from './facts';

/** Says a verdict with its numbers, in a sentence that a manager reads. */
export function explainVerdict(
  gate: Gate,
  judged: Judged,
  inputs: GateInput[],
  now: Date,
): string {
  const required = inputs.filter(input => gate.requires.includes(input.fact));
  const asked = `The gate asks: ${lowerFirst(gate.title)}.`;
  switch (judged.cause) {
    case 'missing': {
      const missing = required.filter(input => !input.measurement);
      return `Nobody has reported ${listing(
        missing.map(input => nameOf(input.fact)),
      )} for this version. ${asked}`;
    }
    case 'withdrawn':
      return `${listing([
        ...new Set(
          inputs.flatMap(({ fact, withdrawn }) =>
            withdrawn
              ? [
                  `The evaluation ${
                    withdrawn.mark.evaluation
                  }, which measured ${nameOf(fact)}, was revoked: ${
                    withdrawn.mark.reason
                  }`,
                ]
              : [],
          ),
        ),
      ])}. ${asked}`;
    case 'too-old': {
      const old = required.filter(input => isTooOld(input, gate, now));
      return `${capitalize(
        listing(
          old.map(
            input =>
              `${nameOf(input.fact)} was measured ${duration(
                ageSeconds(input.measurement!, now),
              )} ago`,
          ),
        ),
      )}; the gate accepts at most ${duration(gate.maxAgeSeconds!)}.`;
    }
    case 'not-computable':
      return `The condition could not be worked out: ${judged.message}. ${asked}`;
    case 'within-tolerance':
      return `${numbers(
        inputs,
      )}. The intervals overlap, so the difference may be chance: let through with a warning. ${asked}`;
    case 'condition-true':
      return `${judged.said ?? numbers(inputs)}. As the gate asks: ${lowerFirst(
        gate.title,
      )}.`;
    default:
      return `${judged.said ?? numbers(inputs)}. ${asked}`;
  }
}

/** What a fact is called within a sentence. */
export function nameOf(fact: string): string {
  const parsed = parseFact(fact);
  if (!parsed) {
    return fact;
  }
  const name = metricName(parsed.metric);
  return parsed.fact === 'production' || parsed.fact === 'training'
    ? `${name} in ${parsed.fact}`
    : name;
}

function numbers(inputs: GateInput[]): string {
  return capitalize(
    listing(
      inputs.flatMap(({ fact, measurement }) => {
        const metric = parseFact(fact)?.metric;
        if (!measurement || !metric) {
          return [];
        }
        const say = (value: number) =>
          metricValue(metric, value, measurement.unit);
        const { interval } = measurement;
        return [
          `${nameOf(fact)} is ${say(measurement.value)}${
            interval ? ` (${say(interval.low)} to ${say(interval.high)})` : ''
          }`,
        ];
      }),
    ),
  );
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z ]/.test(text)
    ? text.charAt(0).toLocaleLowerCase('en-US') + text.slice(1)
    : text;
}
