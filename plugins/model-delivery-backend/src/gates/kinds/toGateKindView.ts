import { GateKind } from '@slipway/backstage-plugin-model-delivery-common';
import { duration, stageSchema } from '../../policies/gateFields';
import { GateKinds, KnownKind } from './GateKinds';
import { shippedKinds } from './shippedKinds';

const maxAgeSchema = duration(1, 3_650);

/** Kinds as the API shows them, in the order of the stages of a pipeline. Pure. */
export function toGateKindViews(kinds: GateKinds): GateKind[] {
  return stageSchema.options.flatMap(stage =>
    kinds
      .list()
      .filter(kind => kind.stage === stage)
      .map(toView),
  );
}

function toView(kind: KnownKind): GateKind {
  return {
    id: kind.id,
    title: kind.title,
    description: kind.description ?? null,
    stage: kind.stage,
    origin: shippedKinds().find(kind.id) ? 'built-in' : 'module',
    condition: 'when' in kind ? kind.when : null,
    maxAgeSeconds:
      kind.maxAge === undefined ? null : maxAgeSchema.parse(kind.maxAge),
    parameters: Object.entries(kind.parameters).map(([name, each]) => ({
      name,
      type: each.type,
      description: each.description,
      default: each.default ?? null,
      unit: each.unit ?? null,
    })),
    facts: kind.requires.map(fact => ({
      fact,
      evidence: kind.evidence[fact] ?? null,
    })),
  };
}
