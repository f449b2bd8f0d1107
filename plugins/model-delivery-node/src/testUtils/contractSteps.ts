import assert from 'node:assert/strict';
import { Caller, DeployerContractOptions } from './contractHarness';

/** One promise of the contract. */
export interface ContractCheck {
  title: string;
  /** @throws when the deployer breaks the promise. */
  check(caller: Caller, options: DeployerContractOptions): Promise<void>;
}

/** Shares of a candidate unless a deployer cannot make them, in percent. */
export const DEFAULT_SHARES = [5, 25, 50, 100];

/** Version names of a harness: what serves first, and what comes then. */
export function namesOf(caller: Caller): {
  control: string;
  candidate: string;
} {
  const [control, candidate] = caller.harness.versions;
  return { control: control.version, candidate: candidate.version };
}

/** Lets the first version serve everything. */
export async function serveControl(caller: Caller): Promise<void> {
  const [control] = caller.harness.versions;
  await caller.finish({ prepare: control });
  await caller.finish({ setTraffic: { [control.version]: 100 } });
}

/** Lets the first version serve everything and brings the second up beside it. */
export async function serveBoth(caller: Caller): Promise<void> {
  await serveControl(caller);
  await caller.finish({ prepare: caller.harness.versions[1] });
}

/** The first division that gives the candidate something, with what is left for the control. */
export function firstDivision(
  caller: Caller,
  { candidateShares = DEFAULT_SHARES }: DeployerContractOptions,
): Record<string, number> {
  const { control, candidate } = namesOf(caller);
  return divide(control, candidate, candidateShares[0]);
}

/** A division between two versions, without those of nobody. */
export function divide(
  control: string,
  candidate: string,
  share: number,
): Record<string, number> {
  return share < 100
    ? { [candidate]: share, [control]: 100 - share }
    : { [candidate]: 100 };
}

/** Asserts what the world does, and what the deployer tells of it. */
export async function assertShares(
  caller: Caller,
  expected: Record<string, number>,
  when: string,
): Promise<void> {
  const sorted = Object.fromEntries(
    Object.entries(expected).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  assert.deepEqual(
    await caller.sharesOfWorld(),
    sorted,
    `the traffic itself ${when}`,
  );
  assert.deepEqual(
    await caller.sharesSeen(),
    sorted,
    `the traffic that observe() tells ${when}`,
  );
}
