import { listing } from '../words';
import { PromotionRecord } from './types';

/** Where an evaluation leads to, and what that means for the time to decide. */
export interface EvaluationOutcome {
  event: 'block' | 'ask' | 'clear';
  /** What follows, in words. */
  words: string;
  /** Whether people are asked for what they have not been asked for yet. */
  isAskedAnew: boolean;
  askedAt: Date | null;
  expiresAt: Date | null;
  dueAt: Date | null;
}

/** Works out where an evaluation leads to; pure. */
export function evaluationOutcome(options: {
  record: Pick<PromotionRecord, 'askedAt' | 'expiresAt'>;
  /** Titles of the gates that keep the version out. */
  blocking: string[];
  obstacle: string | undefined;
  /** Whether what decisions bind to is not what it was. */
  isNew: boolean;
  /** Whether every slot is filled; so it is when none is asked for. */
  isComplete: boolean;
  expiresAfterSeconds: number;
  /** When it may start at the earliest, by its soak and the freeze windows. */
  startsAt: Date;
  now: Date;
}): EvaluationOutcome {
  const { record, blocking, obstacle, now } = options;
  const kept = { askedAt: record.askedAt, expiresAt: record.expiresAt };
  if (blocking.length > 0 || obstacle !== undefined) {
    const words = obstacle ?? `held by ${listing(blocking)}`;
    return { event: 'block', words, isAskedAnew: false, ...kept, dueAt: null };
  }
  if (options.isComplete) {
    return {
      event: 'clear',
      words: 'scheduled',
      isAskedAnew: false,
      askedAt: record.askedAt,
      // Nobody is asked, or all have answered: what was there before is kept unless it is about something else
      expiresAt:
        options.isNew || record.expiresAt === null
          ? new Date(
              options.startsAt.getTime() + options.expiresAfterSeconds * 1000,
            )
          : record.expiresAt,
      dueAt: now,
    };
  }
  const isAskedAnew = options.isNew || record.askedAt === null;
  const expiresAt = isAskedAnew
    ? new Date(now.getTime() + options.expiresAfterSeconds * 1000)
    : record.expiresAt;
  return {
    event: 'ask',
    words: 'approval is asked for',
    isAskedAnew,
    askedAt: isAskedAnew ? now : record.askedAt,
    expiresAt,
    dueAt: expiresAt,
  };
}
