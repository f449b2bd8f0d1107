import { GateKinds } from '../../gates/kinds/GateKinds';
import { faultyDataOf, isAsStrictOnData } from '../faultyData';
import { PolicyContent } from '../types';
import { compareEnvironments } from './compareEnvironments';
import { Finding } from './findings';

/** One way in which an environment is looser than it may be. */
export interface PolicyFinding extends Finding {
  /** The environment, undefined where it is about all of them. */
  environment?: string;
}

/**
 * What makes a policy looser than one it has to be at least as strict as: each environment of the looser one is there, in
 * the same order and of the same tier, and at least as strict. Nothing found proves that no version gets anywhere by the
 * stricter policy that the looser one would keep out.
 */
export function comparePolicies(
  stricter: PolicyContent,
  looser: PolicyContent,
  kinds: GateKinds,
): PolicyFinding[] {
  const findings: PolicyFinding[] = compareFaultyData(stricter, looser);
  let last = -1;
  looser.environments.forEach(environment => {
    const { name } = environment;
    const index = stricter.environments.findIndex(each => each.name === name);
    const own = stricter.environments[index];
    if (!own) {
      findings.push({ at: `environment '${name}'`, what: 'is missing' });
      return;
    }
    if (index < last) {
      findings.push({
        at: `environment '${name}'`,
        what: 'comes earlier than it should',
      });
    }
    last = Math.max(last, index);
    if (own.tier !== environment.tier) {
      findings.push({
        at: `environment '${name}'`,
        what: `is of tier ${own.tier} instead of ${environment.tier}`,
      });
    }
    findings.push(
      ...compareEnvironments(
        { policy: stricter, environment: own },
        { policy: looser, environment },
        { emergencies: true, kinds },
      ).map(each => ({ ...each, environment: name })),
    );
  });
  return findings;
}

/**
 * What makes an environment of a policy looser than the one before it: the nearer to production, the stricter.
 */
export function compareWithin(
  policy: PolicyContent,
  kinds: GateKinds,
): PolicyFinding[] {
  return policy.environments.slice(1).flatMap((environment, i) =>
    compareEnvironments(
      { policy, environment },
      { policy, environment: policy.environments[i] },
      { emergencies: false, kinds },
    ).map(each => ({
      ...each,
      environment: environment.name,
      what: `${each.what} (as ${policy.environments[i].name} asks)`,
    })),
  );
}

function compareFaultyData(
  stricter: PolicyContent,
  looser: PolicyContent,
): PolicyFinding[] {
  const [own, asked] = [faultyDataOf(stricter), faultyDataOf(looser)];
  return isAsStrictOnData(own, asked)
    ? []
    : [
        {
          at: 'faultyData',
          what: `is '${own}' instead of at least '${asked}'`,
        },
      ];
}

/** A finding as a sentence. */
export function describeFinding({
  environment,
  at,
  what,
}: PolicyFinding): string {
  return `${environment ? `${environment}: ` : ''}${at} ${what}`;
}
