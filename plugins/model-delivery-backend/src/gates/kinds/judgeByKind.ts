import {
  GateFact,
  GateKindQuestion,
  GateParameters,
} from '@slipway/backstage-plugin-model-delivery-node';
import { FactMeasurement } from '../../versions/VersionRecord';
import { runBounded } from './bounded';
import { KnownJudge } from './GateKinds';

const LONGEST_EXPLANATION = 500;

/** What came of asking a kind. */
export type KindAnswer =
  | { kind: 'judged'; passed: boolean; explanation: string }
  | { kind: 'error'; message: string };

/** Asks a kind to judge. Whatever is not a judgement, in time, is an error. */
export function judgeByKind(
  judge: KnownJudge,
  asked: {
    parameters: GateParameters;
    facts: Iterable<readonly [string, FactMeasurement]>;
    hasProduction: boolean;
    now: Date;
  },
): KindAnswer {
  // A copy, so that no kind changes what others are judged by
  const question: GateKindQuestion = {
    parameters: { ...asked.parameters },
    facts: Object.fromEntries(
      [...asked.facts].map(([name, fact]) => [name, toFact(fact)]),
    ),
    hasProduction: asked.hasProduction,
    now: new Date(asked.now),
  };
  try {
    return runBounded(() => toAnswer(judge.judge(question)));
  } catch (error) {
    return {
      kind: 'error',
      message: error instanceof Error ? error.message : String(error),
    };
  }
}

/** Whether a kind says that one gate of it is at least as strict as another one; false for anything but a plain yes. */
export function isAtLeastAsStrict(
  judge: KnownJudge,
  stricter: GateParameters,
  looser: GateParameters,
): boolean | undefined {
  try {
    const said = runBounded(() =>
      judge.isAtLeastAsStrict?.({ ...stricter }, { ...looser }),
    );
    return typeof said === 'boolean' ? said : undefined;
  } catch {
    return undefined;
  }
}

function toAnswer(given: unknown): KindAnswer {
  const { passed, explanation } = (given ?? {}) as Record<string, unknown>;
  if (typeof passed !== 'boolean' || typeof explanation !== 'string') {
    return {
      kind: 'error',
      message: 'it gave no judgement, which is passed and an explanation',
    };
  }
  return {
    kind: 'judged',
    passed,
    explanation: explanation.slice(0, LONGEST_EXPLANATION).replace(/\.+$/, ''),
  };
}

function toFact(fact: FactMeasurement): GateFact {
  const { value, interval, sampleSize, unit, measuredAt } = fact;
  return {
    value,
    ...(interval && { interval: { ...interval } }),
    ...(sampleSize !== undefined && { sampleSize }),
    ...(unit !== undefined && { unit }),
    measuredAt: new Date(measuredAt),
  };
}
