import type {
  Policy,
  Risk,
  TeamSize,
} from '@slipway/backstage-plugin-model-delivery-common';

/** Risks in the order of the matrix: the strictest on top. */
export const RISKS: Risk[] = ['high', 'medium', 'low'];
/** Sizes of teams in the order of the matrix. */
export const TEAM_SIZES: TeamSize[] = ['small', 'medium', 'large'];

/** What the page shows, all of which is in its address. */
export interface PoliciesQuery {
  risk?: Risk;
  teamSize?: TeamSize;
  /** Digest of a policy that a link leads to, whether it is still in force or not. */
  policy?: string;
  /** Digests of the two policies that are compared. */
  compare?: { before: string; after: string };
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Reads an address. What it does not understand, such as a risk that does not exist, it leaves out. */
export function readPoliciesQuery(params: URLSearchParams): PoliciesQuery {
  const digest = (name: string) => {
    const value = params.get(name);
    return value && DIGEST.test(value) ? value : undefined;
  };
  const before = digest('before');
  const after = digest('after');
  return {
    risk: RISKS.find(risk => risk === params.get('risk')),
    teamSize: TEAM_SIZES.find(size => size === params.get('team')),
    policy: digest('policy'),
    compare: before && after ? { before, after } : undefined,
  };
}

/** Writes the address of what the page is to show. */
export function writePoliciesQuery(query: PoliciesQuery): URLSearchParams {
  const { risk, teamSize, policy, compare } = query;
  return new URLSearchParams({
    ...(risk && { risk }),
    ...(teamSize && { team: teamSize }),
    ...(policy && { policy }),
    ...compare,
  });
}

/** The policy that the page shows in full. */
export interface ChosenPolicy {
  policy: Policy;
  risk: Risk;
  teamSize: TeamSize;
  /** Digest of the one that a link led to, where it is not in force any more. */
  past?: string;
}

/**
 * Finds what an address is about: the policy of that digest while it is in force, else the one of the risk and the size of
 * team, else the strictest for small teams. Undefined when there is none.
 * @param policies - those in force, strictest first
 */
export function choosePolicy(
  policies: Policy[],
  query: PoliciesQuery,
): ChosenPolicy | undefined {
  const linked = policies.find(each => each.digest === query.policy);
  const risk = linked?.risk ?? query.risk ?? policies[0]?.risk;
  const sizes = linked?.teamSizes ?? TEAM_SIZES;
  const teamSize =
    sizes.find(size => size === query.teamSize) ?? sizes[0] ?? 'small';
  const policy =
    linked ??
    policies.find(
      each => each.risk === risk && each.teamSizes.includes(teamSize),
    );
  return (
    policy && {
      policy,
      risk,
      teamSize,
      ...(query.policy && !linked && { past: query.policy }),
    }
  );
}
