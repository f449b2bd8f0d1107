import { GateKinds } from '../../gates/kinds/GateKinds';
import { Gate, PolicyContent, PolicyEnvironment } from '../types';
import { compareGates } from './compareGates';
import { compareRollouts } from './compareRollouts';
import { compareSlots, Outranked } from './compareSlots';
import { compareWindows } from './compareWindows';
import { Finding, lengthOf } from './findings';

/** One environment of a policy, with what its names stand for. */
export interface EnvironmentIn {
  policy: PolicyContent;
  environment: PolicyEnvironment;
}

/**
 * What makes an environment looser than one it has to be at least as strict as.
 * @param options.emergencies - whether break-glass and delegation are compared too: they are between policies, but not
 *   between the environments of one, since an emergency is one of production
 */
export function compareEnvironments(
  stricter: EnvironmentIn,
  looser: EnvironmentIn,
  options: { emergencies: boolean; kinds: GateKinds },
): Finding[] {
  const [own, asked] = [stricter.environment, looser.environment];
  const outranked: Outranked = new Map(
    looser.policy.roles.map(role => [role.group, new Set(role.outrankedBy)]),
  );
  const findings: Finding[] = [
    ...gatesOf(looser).flatMap(gate => {
      const same = gatesOf(stricter).find(each => each.id === gate.id);
      return same
        ? compareGates(same, gate, options.kinds)
        : [{ at: `gate '${gate.id}'`, what: 'is missing' }];
    }),
    ...compareSlots('approvals', own.slots, asked.slots, outranked),
    ...compareSlots(
      'approvals of a first deployment',
      own.firstDeploymentSlots,
      asked.firstDeploymentSlots,
      outranked,
    ),
    ...compareRollouts(own.rollout, asked.rollout),
    ...compareWindows(own.freezeWindows, asked.freezeWindows),
    ...compareWaivers(own, asked),
    ...compareSkipping(own, asked),
  ];
  if (own.soakSeconds < asked.soakSeconds) {
    findings.push({
      at: 'soak',
      what: `lasts ${lengthOf(own.soakSeconds)} instead of at least ${lengthOf(
        asked.soakSeconds,
      )}`,
    });
  }
  if (own.expiresAfterSeconds > asked.expiresAfterSeconds) {
    findings.push({
      at: 'expiry',
      what: `of approvals comes after ${lengthOf(
        own.expiresAfterSeconds,
      )} instead of at most ${lengthOf(asked.expiresAfterSeconds)}`,
    });
  }
  return options.emergencies
    ? [
        ...findings,
        ...compareBreakGlass(own, asked),
        ...compareDelegation(own, asked),
      ]
    : findings;
}

function gatesOf({ policy, environment }: EnvironmentIn): Gate[] {
  return policy.gates.filter(gate => environment.gates.includes(gate.id));
}

function compareWaivers(
  { waivers: own }: PolicyEnvironment,
  { waivers: asked }: PolicyEnvironment,
): Finding[] {
  if (!own) {
    return [];
  }
  const at = 'waivers';
  if (!asked) {
    return [{ at, what: 'are possible where they were not' }];
  }
  const findings: Finding[] = own.roles
    .filter(role => !asked.roles.some(each => each.group === role.group))
    .map(role => ({ at, what: `may be given by ${role.title} too` }));
  if (own.longestSeconds > asked.longestSeconds) {
    findings.push({
      at,
      what: `last up to ${lengthOf(
        own.longestSeconds,
      )} instead of at most ${lengthOf(asked.longestSeconds)}`,
    });
  }
  return findings;
}

/** What has no step that could be skipped is not stricter for letting nobody do it. */
function compareSkipping(
  { skipSteps: own }: PolicyEnvironment,
  { skipSteps: asked, rollout }: PolicyEnvironment,
): Finding[] {
  if (!own || rollout.steps.length < 2) {
    return [];
  }
  const at = 'steps';
  if (!asked) {
    return [{ at, what: 'can be skipped where they could not' }];
  }
  return own.roles
    .filter(role => !asked.roles.some(each => each.group === role.group))
    .map(role => ({ at, what: `may be skipped by ${role.title} too` }));
}

function compareBreakGlass(
  { breakGlass: own }: PolicyEnvironment,
  { breakGlass: asked }: PolicyEnvironment,
): Finding[] {
  if (!own) {
    return [];
  }
  const at = 'break-glass';
  if (!asked) {
    return [{ at, what: 'is possible where it was not' }];
  }
  const findings: Finding[] = [];
  if (own.role.group !== asked.role.group) {
    findings.push({
      at,
      what: `is for ${own.role.title} instead of ${asked.role.title}`,
    });
  }
  if (own.reviewRole.group !== asked.reviewRole.group) {
    findings.push({
      at,
      what: `is reviewed by ${own.reviewRole.title} instead of ${asked.reviewRole.title}`,
    });
  }
  if (own.reviewWithinSeconds > asked.reviewWithinSeconds) {
    findings.push({
      at,
      what: `is reviewed within ${lengthOf(
        own.reviewWithinSeconds,
      )} instead of ${lengthOf(asked.reviewWithinSeconds)}`,
    });
  }
  return findings;
}

function compareDelegation(
  { delegation: own }: PolicyEnvironment,
  { delegation: asked }: PolicyEnvironment,
): Finding[] {
  return own && own.longestSeconds > (asked?.longestSeconds ?? 0)
    ? [
        {
          at: 'delegation',
          what: `lasts up to ${lengthOf(own.longestSeconds)} instead of ${
            asked ? `at most ${lengthOf(asked.longestSeconds)}` : 'never'
          }`,
        },
      ]
    : [];
}
