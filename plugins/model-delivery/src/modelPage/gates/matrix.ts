import type {
  GateDefinition,
  GateMatrix,
  GateVerdict,
  Stage,
} from '@slipway/backstage-plugin-model-delivery-common';

/** The stages of a pipeline in order, as they are written. */
export const stageTitles: Record<Stage, string> = {
  'code-validation': 'Code validation',
  'data-validation': 'Data validation',
  training: 'Training',
  evaluation: 'Evaluation',
  registration: 'Registration',
  'staging-validation': 'Staging validation',
  'production-deployment': 'Production deployment',
};

/** Which gates are shown. */
export type GateFilter = 'all' | 'blocking' | 'changed';

type Column = GateMatrix['versions'][number];

/** The verdict of one gate for one version; undefined where it was not reached. */
export function verdictOf(
  column: Column,
  gate: string,
): GateVerdict | undefined {
  return column.verdicts.find(verdict => verdict.gate === gate);
}

/** Whether a verdict holds a version up. */
export function blocks({ verdict }: GateVerdict): boolean {
  return ['failed', 'no-evidence', 'error'].includes(verdict);
}

/** The version that serves in the matrix's environment, which others are compared with. */
export function servingColumn(matrix: GateMatrix): Column | undefined {
  // Two serve during a rollout; the older one is what the newer is measured against
  return [...matrix.versions]
    .reverse()
    .find(({ servingIn }) => servingIn.includes(matrix.environment));
}

/** The gates that a filter leaves. */
export function filterGates(
  matrix: GateMatrix,
  filter: GateFilter,
): GateDefinition[] {
  const [newest] = matrix.versions;
  const serving = servingColumn(matrix);
  return matrix.gates.filter(gate => {
    if (filter === 'all' || !newest) {
      return filter === 'all';
    }
    const verdict = verdictOf(newest, gate.id);
    if (filter === 'blocking') {
      return verdict !== undefined && blocks(verdict);
    }
    return (
      serving !== undefined &&
      verdict?.verdict !== verdictOf(serving, gate.id)?.verdict
    );
  });
}

/** The gates by stage, in the pipeline's order; stages without a gate are left out. */
export function gatesByStage(
  gates: GateDefinition[],
): { stage: Stage; gates: GateDefinition[] }[] {
  return (Object.keys(stageTitles) as Stage[])
    .map(stage => ({
      stage,
      gates: gates.filter(gate => gate.stage === stage),
    }))
    .filter(group => group.gates.length > 0);
}
