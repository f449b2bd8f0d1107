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
  /** Name of the agent; absent when the caller acts by themselves. */
  agent?: string;
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
  const { agent } = asked;
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
export function refuseAgents(asked: AskedByAgent, what: string): void {
  if (asked.agent !== undefined) {
    throw new NotAllowedError(
      `${asked.agent} is an agent, and agents may not ${what}; a person has to`,
    );
  }
}

/** @throws NotAllowedError for an event that agents may not ask for */
export function checkAgentsEvent(asked: AskedByAgent, event: string): void {
  if (!AGENTS_EVENTS.includes(event)) {
    refuseAgents(asked, `${event} a promotion`);
  }
}
