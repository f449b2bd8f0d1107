import { FieldError } from '@slipway/backstage-plugin-model-delivery-common';
import { fillIn } from '../gates/kinds/fillIn';
import { GateKinds, readParameters } from '../gates/kinds/GateKinds';
import { PartialPolicyFile } from './policySchema';

type GatePart = NonNullable<PartialPolicyFile['spec']['gates']>[number];

/**
 * Puts in the place of each gate that refers to a kind what the kind comes to with the gate's parameters. What the gate
 * says itself, such as a title or a condition, goes before; of a kind that judges by code the condition cannot be replaced.
 */
export function expandGates(
  file: PartialPolicyFile,
  kinds: GateKinds,
): { file: unknown; errors: FieldError[] } {
  const errors: FieldError[] = [];
  const gates = (file.spec.gates ?? []).map((gate, i) => {
    const { use: _, with: __, tolerance, ...plain } = gate;
    const made = expand(gate, kinds, (path, message) =>
      errors.push({ path: `spec.gates[${i}].${path}`, message }),
    );
    // `null` takes back the tolerance of what it is laid over
    const tolerated = tolerance === undefined ? made.tolerance : tolerance;
    const { tolerance: ___, ...rest } = { ...made, ...plain };
    return { ...rest, ...(tolerated && { tolerance: tolerated }) };
  });
  return {
    file: { ...file, spec: { ...file.spec, gates } },
    errors,
  };
}

function expand(
  gate: GatePart,
  kinds: GateKinds,
  refuse: (path: string, message: string) => void,
): Partial<GatePart> & { kind?: object } {
  if (gate.use === undefined) {
    if (gate.with !== undefined) {
      refuse('with', 'is for a gate that has `use`');
    }
    return {};
  }
  const kind = kinds.find(gate.use);
  if (!kind) {
    refuse(
      'use',
      `there is no gate kind '${gate.use}'; there are ${kinds
        .list()
        .map(each => each.id)
        .join(', ')}`,
    );
    return {};
  }
  const { value, errors } = readParameters(kind, gate.with ?? {});
  if (!value) {
    errors.forEach(({ path, message }) =>
      refuse(path ? `with.${path}` : 'with', message),
    );
    return {};
  }
  const { reads: _, ...filled } = fillIn(kind, value);
  const judges = 'judge' in kind;
  if (judges && gate.when !== undefined) {
    refuse('when', `cannot be given: '${kind.id}' judges by itself`);
  }
  if (judges && gate.tolerance) {
    refuse('tolerance', `cannot be given: '${kind.id}' judges by itself`);
  }
  if (judges && gate.requires) {
    refuse('requires', `cannot be given: '${kind.id}' says what it requires`);
  }
  return {
    stage: kind.stage,
    ...(kind.maxAge && { maxAge: kind.maxAge }),
    ...filled,
    ...(judges && { kind: { id: kind.id, parameters: value } }),
  };
}
