import { Gate } from '../policies/types';
import { compileCondition } from './condition';
import { GateInput, Judged } from './evaluateGate';
import { fillIn } from './kinds/fillIn';
import { GateKinds } from './kinds/GateKinds';
import { judgeByKind } from './kinds/judgeByKind';

/** Facts that a gate looks at, whether or not it requires them. */
export function factsReadBy(gate: Gate, kinds: GateKinds): readonly string[] {
  if (!gate.kind) {
    return compileCondition(gate.when).facts;
  }
  const code = kinds.findJudge(gate.kind.id);
  return code ? fillIn(code, gate.kind.parameters).reads : [];
}

/** Judges a gate by the code of its kind. What that cannot tell is an error. */
export function judgeByCode(
  gate: Gate,
  { id, parameters }: NonNullable<Gate['kind']>,
  by: {
    inputs: GateInput[];
    hasProduction: boolean;
    now: Date;
    kinds: GateKinds;
  },
): Judged {
  const code = by.kinds.findJudge(id);
  const answer = code
    ? judgeByKind(code, {
        parameters,
        facts: by.inputs.flatMap(({ fact, measurement }) =>
          measurement ? [[fact, measurement] as const] : [],
        ),
        hasProduction: by.hasProduction,
        now: by.now,
      })
    : {
        kind: 'error' as const,
        message: `no module that is installed has the gate kind '${id}'`,
      };
  if (answer.kind === 'error') {
    return {
      verdict: 'error',
      cause: 'not-computable',
      message: answer.message,
    };
  }
  const said = answer.explanation;
  return answer.passed
    ? { verdict: 'passed', cause: 'condition-true', said }
    : {
        verdict: gate.blocking ? 'failed' : 'warned',
        cause: 'condition-false',
        said,
      };
}
