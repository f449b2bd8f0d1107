import { InputError, NotAllowedError } from '@backstage/errors';
import { Principal } from './principal';

/** What may happen to a promotion when an agent asks for it: nothing that lets more through than before. */
const AGENTS_EVENTS: readonly string[] = [
  'pause',
  'abort',
  'cancel',
  're-evaluate',
];

/** What is asked for by an agent in somebody's name. */
interface AskedByAgent {
  /** Name of the agent; unless it says so, the program that calls on behalf of a person. */
  agent?: string;
}

/** The agent that asks; undefined when the caller acts by themselves. */
function agentOf(principal: Principal, asked: AskedByAgent) {
  return asked.agent ?? principal.actor;
}

/**
 * The reason that is written down, with the agent that gave it. An agent acts for a person, who has to be allowed what it
 * does, and always says why.
 * @param path - where the reason was to be said, such as `request/body/note`
 * @throws NotAllowedError when it acts for nobody, InputError without a reason
 */
export function reasonWithAgent(
  principal: Principal,
  asked: AskedByAgent,
  reason: string | undefined,
  path: string,
): string | undefined {
  const agent = agentOf(principal, asked);
  const text = reason?.trim();
  if (agent === undefined) {
    return text;
  }
  if (!principal.isUser) {
    throw new NotAllowedError(
      `${agent} has to act for a person; ${principal.ref} is none`,
    );
  }
  if (!text) {
    throw new InputError(`${path} is compulsory for agents: say why`);
  }
  return `${text} (through ${agent})`;
}

/** @throws NotAllowedError for what agents may not do in anybody's name */
export function refuseAgents(
  principal: Principal,
  asked: AskedByAgent,
  what: string,
): void {
  const agent = agentOf(principal, asked);
  if (agent !== undefined) {
    throw new NotAllowedError(
      `${agent} is an agent, and agents may not ${what}; a person has to`,
    );
  }
}

/** @throws NotAllowedError for an event that agents may not ask for */
export function checkAgentsEvent(
  principal: Principal,
  asked: AskedByAgent,
  event: string,
): void {
  if (!AGENTS_EVENTS.includes(event)) {
    refuseAgents(principal, asked, `${event} a promotion`);
  }
}
