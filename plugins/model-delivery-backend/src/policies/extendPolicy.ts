import { FieldError } from '@slipway/backstage-plugin-model-delivery-common';
import { PartialPolicyFile } from './policySchema';

type Spec = PartialPolicyFile['spec'];
type EnvironmentPart = NonNullable<Spec['environments']>[number];
type GatePart = NonNullable<Spec['gates']>[number];

/** A policy put together, as written. */
export interface ExtendedPolicy {
  file: PartialPolicyFile;
  errors: FieldError[];
}

/**
 * Puts a file on top of the one that it builds on. What the file leaves out stays; roles, gates, environments and freeze
 * windows are found by their names and added where there is none; gates of an environment are only added. Anything else,
 * such as the approvals of an environment, takes the place of what was there.
 * Whether the outcome is at least as strict is for the caller to compare.
 */
export function extendPolicy(
  base: PartialPolicyFile,
  file: PartialPolicyFile,
): ExtendedPolicy {
  const { errors, environments } = extendEnvironments(
    base.spec.environments ?? [],
    file.spec.environments ?? [],
  );
  const faultyData = file.spec.faultyData ?? base.spec.faultyData;
  return {
    errors,
    file: {
      ...file,
      spec: {
        ...(file.spec.risk && { risk: file.spec.risk }),
        ...(file.spec.teamSize && { teamSize: file.spec.teamSize }),
        roles: { ...base.spec.roles, ...file.spec.roles },
        gates: mergeBy(
          'id',
          base.spec.gates ?? [],
          file.spec.gates ?? [],
          extendGate,
        ),
        environments,
        ...(faultyData && { faultyData }),
      },
    },
  };
}

/**
 * Translates the path of an error in what was put together to the file on top: `spec.gates[12].when` becomes
 * `spec.gates[0].when` when that is where the file speaks of this gate.
 */
export function pathInFile(
  path: string,
  whole: PartialPolicyFile,
  file: PartialPolicyFile,
): string {
  return path.replace(
    /^spec\.(gates|environments)\[(\d+)\]/,
    (_, list: 'gates' | 'environments', index: string) => {
      const nameOf = (each: { id?: string; name?: string } | undefined) =>
        each?.id ?? each?.name;
      const name = nameOf(whole.spec[list]?.[Number(index)]);
      const own = (file.spec[list] ?? []).findIndex(
        each => nameOf(each) === name,
      );
      return `spec.${list}[${own < 0 ? `'${name}'` : own}]`;
    },
  );
}

function extendEnvironments(
  base: EnvironmentPart[],
  added: EnvironmentPart[],
): { environments: EnvironmentPart[]; errors: FieldError[] } {
  const merged = added.map(each => {
    const before = base.find(({ name }) => name === each.name);
    return before ? extendEnvironment(before, each) : each;
  });
  const isNew = (each: EnvironmentPart) =>
    !base.some(({ name }) => name === each.name);
  if (!added.some(isNew)) {
    return {
      environments: base.map(
        each => merged.find(({ name }) => name === each.name) ?? each,
      ),
      errors: [],
    };
  }
  const unnamed = base.filter(
    each => !added.some(({ name }) => name === each.name),
  );
  return {
    environments: merged,
    errors:
      unnamed.length > 0
        ? [
            {
              path: 'spec.environments',
              message: `must name every environment in order when it adds one; ${unnamed
                .map(({ name }) => name)
                .join(', ')} is missing`,
            },
          ]
        : [],
  };
}

function extendEnvironment(
  base: EnvironmentPart,
  added: EnvironmentPart,
): EnvironmentPart {
  const merged: EnvironmentPart = { ...base, ...added };
  if (added.gates) {
    merged.gates = [...new Set([...(base.gates ?? []), ...added.gates])];
  }
  if (added.freezeWindows) {
    merged.freezeWindows = mergeBy(
      'name',
      base.freezeWindows ?? [],
      added.freezeWindows,
    );
  }
  // What is taken back by `null` was never asked for.
  for (const key of [
    'waivers',
    'skipSteps',
    'breakGlass',
    'reminders',
    'delegation',
  ] as const) {
    if (merged[key] === null) {
      delete merged[key];
    }
  }
  return merged;
}

/** A gate with what is laid over it: parameters one by one; another kind of gate takes its place. */
function extendGate(base: GatePart, over: GatePart): GatePart {
  if (over.use !== undefined && over.use !== base.use) {
    return over;
  }
  return {
    ...base,
    ...over,
    ...((base.with ?? over.with) && { with: { ...base.with, ...over.with } }),
  };
}

/** Adds to a list; what has the name of something in it is laid over that. */
function mergeBy<K extends string, T extends Record<K, string>>(
  key: K,
  base: T[],
  added: T[],
  layOver: (one: T, over: T) => T = (one, over) => ({ ...one, ...over }),
): T[] {
  return [
    ...base.map(each => {
      const over = added.find(other => other[key] === each[key]);
      return over ? layOver(each, over) : each;
    }),
    ...added.filter(each => !base.some(other => other[key] === each[key])),
  ];
}
