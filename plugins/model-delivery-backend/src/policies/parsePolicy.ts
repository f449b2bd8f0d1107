import {
  FieldError,
  RolloutPlan,
} from '@slipway/backstage-plugin-model-delivery-common';
import { fewestSamplesToPass } from '@slipway/canary-analysis';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { checkGate } from './checkGate';
import { PolicyFile, policyFileSchema } from './policySchema';
import { Gate, PolicyContent, PolicyEnvironment } from './types';

/** What became of a policy file: its content, or everything that is wrong with it. */
export type ParsedPolicy =
  | { content: PolicyContent; errors: [] }
  | { content: undefined; errors: FieldError[] };

const MAX_BYTES = 65_536;
const TIERS = {
  low: 'streamlined',
  medium: 'standard',
  high: 'comprehensive',
} as const;

/** The measures of a rollout, and how each is compared. */
const ROLLOUT_METRICS = {
  'error-rate': { title: 'Error rate', kind: 'proportion', unit: 'share' },
  latency: { title: 'Latency', kind: 'distribution', unit: 'ms' },
} as const;

/** All traffic at once, without a judgement. */
export const DIRECT_PLAN: RolloutPlan = {
  strategy: 'direct',
  steps: [{ share: 100, windowSeconds: 0, minimumSamples: 0 }],
  metrics: [],
};

/**
 * Reads a policy file, and reports every error with its path, such as `spec.gates[2].when`.
 */
export function parsePolicy(yaml: string): ParsedPolicy {
  if (Buffer.byteLength(yaml) > MAX_BYTES) {
    return failed([
      { path: '', message: `is larger than ${MAX_BYTES / 1024} KiB` },
    ]);
  }
  const document = parseDocument(yaml);
  if (document.errors.length > 0) {
    return failed(
      document.errors.map(error => ({
        path: '',
        message: `is no valid YAML: ${error.message.split('\n')[0]}`,
      })),
    );
  }
  const parsed = policyFileSchema.safeParse(toValue(document));
  if (!parsed.success) {
    return failed(parsed.error.issues.flatMap(toFieldErrors));
  }
  const errors = checkPolicy(parsed.data);
  return errors.length > 0
    ? failed(errors)
    : { content: toContent(parsed.data), errors: [] };
}

/** Aliases beyond the parser's limit make `toJS` throw: such a file is refused as malformed. */
function toValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function failed(errors: FieldError[]): ParsedPolicy {
  return { content: undefined, errors };
}

function toFieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const at = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({
      path: at ? `${at}.${key}` : key,
      message: 'is not a known field',
    }));
  }
  return [{ path: at, message: issue.message }];
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number'
        ? `${text}[${part}]`
        : `${text}${text && '.'}${String(part)}`,
    '',
  );
}

/** What the form alone cannot say: references, order and conditions. */
function checkPolicy({ spec }: PolicyFile): FieldError[] {
  const errors: FieldError[] = [];
  const add = (path: string, message: string) => errors.push({ path, message });

  spec.gates.forEach((gate, i) => {
    if (spec.gates.findIndex(each => each.id === gate.id) < i) {
      add(`spec.gates[${i}].id`, `'${gate.id}' is used by an earlier gate`);
    }
    errors.push(...checkGate(gate, `spec.gates[${i}]`));
  });
  spec.environments.forEach((environment, i) => {
    const at = `spec.environments[${i}]`;
    if (
      spec.environments.findIndex(each => each.name === environment.name) < i
    ) {
      add(`${at}.name`, `'${environment.name}' is used by an earlier one`);
    }
    environment.gates.forEach((id, j) => {
      if (!spec.gates.some(gate => gate.id === id)) {
        add(
          `${at}.gates[${j}]`,
          `there is no gate '${id}' below spec.gates; there are ${spec.gates
            .map(gate => gate.id)
            .join(', ')}`,
        );
      }
    });
    for (const list of ['approvals', 'firstDeploymentApprovals'] as const) {
      environment[list].forEach((slot, j) => {
        if (!spec.roles[slot.role]) {
          add(
            `${at}.${list}[${j}].role`,
            `there is no role '${slot.role}' below spec.roles`,
          );
        }
        if (environment[list].findIndex(e => e.role === slot.role) < j) {
          add(
            `${at}.${list}[${j}].role`,
            `'${slot.role}' is asked for already; raise its minimum instead`,
          );
        }
      });
    }
    if (
      environment.tier === 'production' &&
      environment.firstDeploymentApprovals.length === 0
    ) {
      add(
        `${at}.firstDeploymentApprovals`,
        'must ask for at least one: a first deployment has no version to return to',
      );
    }
    errors.push(...checkRollout(environment.rollout, `${at}.rollout`));
  });
  const last = spec.environments.length - 1;
  if (!spec.environments.some(each => each.tier === 'staging')) {
    add('spec.environments', 'must have one of tier staging');
  }
  if (spec.environments[last].tier !== 'production') {
    add(`spec.environments[${last}].tier`, 'must be production in the last');
  }
  return errors;
}

function checkRollout(
  rollout: PolicyFile['spec']['environments'][number]['rollout'],
  at: string,
): FieldError[] {
  if (rollout.strategy === 'direct') {
    return [];
  }
  const errors: FieldError[] = [];
  const errorRate = rollout.metrics.find(each => each.name === 'error-rate');
  rollout.metrics.forEach((metric, i) => {
    if (rollout.metrics.findIndex(each => each.name === metric.name) < i) {
      errors.push({
        path: `${at}.metrics[${i}].name`,
        message: `'${metric.name}' is there already`,
      });
    }
  });
  rollout.steps.forEach((step, i) => {
    if (i > 0 && step.share <= rollout.steps[i - 1].share) {
      errors.push({
        path: `${at}.steps[${i}].share`,
        message: `must be more than the ${rollout.steps[i - 1].share} before`,
      });
    }
    if (step.window === 0) {
      errors.push({
        path: `${at}.steps[${i}].window`,
        message: 'must be at least 1s: nothing can be judged in no time',
      });
    }
    const fewest =
      errorRate && errorRate.margin < 1
        ? fewestSamplesToPass({ margin: errorRate.margin })
        : 1;
    if (step.minimumSamples < fewest) {
      errors.push({
        path: `${at}.steps[${i}].minimumSamples`,
        message: `must be at least ${fewest}: with fewer, no version can be shown to stay within the error-rate margin of ${errorRate?.margin}`,
      });
    }
  });
  if (rollout.steps[0].share >= 100) {
    errors.push({
      path: `${at}.steps[0].share`,
      message: 'must be below 100: a canary starts with part of the traffic',
    });
  }
  if (rollout.steps.at(-1)?.share !== 100) {
    errors.push({
      path: `${at}.steps[${rollout.steps.length - 1}].share`,
      message: 'must be 100 in the last step',
    });
  }
  return errors;
}

function toContent({ metadata, spec }: PolicyFile): PolicyContent {
  const slots = (
    asked: PolicyFile['spec']['environments'][number]['approvals'],
  ) =>
    asked.map(slot => ({
      role: slot.role,
      title: spec.roles[slot.role].title,
      group: spec.roles[slot.role].group,
      minimum: slot.minimum,
      reasonRequired: slot.reasonRequired,
    }));
  return {
    name: metadata.name,
    title: metadata.title,
    risk: spec.risk,
    tier: TIERS[spec.risk],
    gates: spec.gates.map(
      (gate): Gate => ({
        id: gate.id,
        title: gate.title,
        description: gate.description ?? null,
        stage: gate.stage,
        requires: gate.requires,
        when: gate.when,
        maxAgeSeconds: gate.maxAge ?? null,
        blocking: gate.blocking,
        ...(gate.tolerance && { tolerance: gate.tolerance }),
      }),
    ),
    environments: spec.environments.map(
      (environment): PolicyEnvironment => ({
        name: environment.name,
        tier: environment.tier,
        gates: environment.gates,
        slots: slots(environment.approvals),
        firstDeploymentSlots: slots(environment.firstDeploymentApprovals),
        rollout: toPlan(environment.rollout),
        expiresAfterSeconds: environment.expiresAfter,
      }),
    ),
  };
}

function toPlan(
  rollout: PolicyFile['spec']['environments'][number]['rollout'],
): RolloutPlan {
  if (rollout.strategy === 'direct') {
    return DIRECT_PLAN;
  }
  return {
    strategy: 'canary',
    steps: rollout.steps.map(step => ({
      share: step.share,
      windowSeconds: step.window,
      minimumSamples: step.minimumSamples,
    })),
    metrics: rollout.metrics.map(metric => ({
      name: metric.name,
      ...ROLLOUT_METRICS[metric.name],
      margin: metric.margin,
    })),
  };
}
