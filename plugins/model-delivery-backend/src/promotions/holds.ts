import { Knex } from 'knex';
import { findServedSeconds } from '../deployments/servedSeconds';
import { isFrozen, nextOpen } from '../policies/freezeWindows';
import { Policy, PolicyEnvironment } from '../policies/types';
import { duration } from '../words';

/** Why a promotion that nothing else keeps back does not start yet. */
export interface Hold {
  /** When it is worth looking again. */
  until: Date;
  /** Continues "Scheduled: …". */
  why: string;
}

/** How long a version has served in the environment that comes before. */
export interface Soak {
  environment: string;
  servedSeconds: number;
  isServing: boolean;
}

/** How long a version has soaked in the environment before; undefined where the policy asks for no soak. */
export async function findSoak(
  knex: Knex,
  options: {
    policy: Policy;
    environment: PolicyEnvironment;
    modelRef: string;
    versionDigest: string;
    now: Date;
  },
): Promise<Soak | undefined> {
  const { policy, environment, modelRef, versionDigest, now } = options;
  const position = policy.environments.findIndex(
    each => each.name === environment.name,
  );
  if (environment.soakSeconds === 0 || position < 1) {
    return undefined;
  }
  const before = policy.environments[position - 1].name;
  return {
    environment: before,
    ...(await findServedSeconds(knex, {
      modelRef,
      environment: before,
      versionDigest,
      now,
    })),
  };
}

/**
 * What of the soak is missing for ever, since the version no longer serves where it would soak; undefined while it can
 * still be had. Pure.
 */
export function missedSoak(
  environment: Pick<PolicyEnvironment, 'name' | 'soakSeconds'>,
  soak: Soak | undefined,
): string | undefined {
  return soak && !soak.isServing && soak.servedSeconds < environment.soakSeconds
    ? `it served in ${soak.environment} for ${duration(
        soak.servedSeconds,
      )} only, and ${environment.name} asks for ${duration(
        environment.soakSeconds,
      )}; promote it there again`
    : undefined;
}

/**
 * What a scheduled promotion waits for besides the environment's lock: the soak in the environment before, then the end
 * of a freeze window. Pure.
 * @param soak - undefined where the policy asks for none
 */
export function findHold(options: {
  environment: Pick<
    PolicyEnvironment,
    'name' | 'soakSeconds' | 'freezeWindows'
  >;
  soak: Soak | undefined;
  now: Date;
}): Hold | undefined {
  const { environment, soak, now } = options;
  const missing = soak ? environment.soakSeconds - soak.servedSeconds : 0;
  if (soak && missing > 0) {
    const until = new Date(now.getTime() + Math.ceil(missing) * 1000);
    return {
      until,
      why: `it soaks in ${soak.environment} until ${minuteOf(until)}, since ${
        environment.name
      } asks for ${duration(environment.soakSeconds)}`,
    };
  }
  const window = isFrozen(environment.freezeWindows, now);
  if (!window) {
    return undefined;
  }
  const open = nextOpen(environment.freezeWindows, now);
  return {
    // A freeze without an end in sight is looked at again each day
    until: open ?? new Date(now.getTime() + 86_400_000),
    why: `${environment.name} is frozen${
      open ? ` until ${minuteOf(open)}` : ''
    } (${window.name})`,
  };
}

/** When a promotion may start at the earliest, as far as soak and freeze windows go. Pure. */
export function earliestStart(options: Parameters<typeof findHold>[0]): Date {
  const hold = findHold(options);
  if (!hold) {
    return options.now;
  }
  // What is frozen when the soak ends waits for the end of that as well
  const { freezeWindows } = options.environment;
  return isFrozen(freezeWindows, hold.until)
    ? nextOpen(freezeWindows, hold.until) ?? hold.until
    : hold.until;
}

/** An instant to the minute, which stays true however long it is read after. */
function minuteOf(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
