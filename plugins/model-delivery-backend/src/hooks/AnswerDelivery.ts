import { LoggerService } from '@backstage/backend-plugin-api';
import { randomUUID } from 'node:crypto';
import { UnitOfWork } from '../database/UnitOfWork';
import { duration } from '../words';
import { HookConfig } from './hookConfig';
import { answerGitHub } from './platforms/answerGitHub';
import { answerGitLab } from './platforms/answerGitLab';
import { Platform } from './platforms/Platform';
import { Answer, GitHubReply, GitLabReply } from './questions';
import {
  ageOf,
  claim,
  findDue,
  QuestionRow,
  subjectOf,
  updateHeld,
} from './questionStore';
import { actorOf, messageOf, ReleaseQuestions } from './ReleaseQuestions';

const BATCH = 20;
/** Waits after failures, in milliseconds: doubled each time. */
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** After so many deliveries that failed, about a day, nobody is told any more. */
const MOST_ATTEMPTS = 100;

/**
 * Answers the questions that wait: judges each anew until it is decided or its time is over, then tells GitHub or GitLab,
 * at least once. Any number of replicas may run one; a question is claimed with a lease, so that another one goes on
 * where one died.
 */
export class AnswerDelivery {
  readonly #id = randomUUID();
  readonly #work: UnitOfWork;
  readonly #logger: LoggerService;
  readonly #config: HookConfig;
  readonly #questions: ReleaseQuestions;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(options: {
    work: UnitOfWork;
    logger: LoggerService;
    config: HookConfig;
    questions: ReleaseQuestions;
  }) {
    this.#work = options.work;
    this.#logger = options.logger;
    this.#config = options.config;
    this.#questions = options.questions;
  }

  /** Attends to all that is due. Calls at the same time share one run. */
  async run(): Promise<void> {
    this.#running ??= this.#attendToDue().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Begins nothing more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running?.catch(() => {});
  }

  async #attendToDue(): Promise<void> {
    let rows: QuestionRow[];
    do {
      const now = this.#work.now();
      rows = await findDue(this.#work.knex, now, BATCH);
      for (const row of rows) {
        const until = new Date(now.getTime() + this.#leaseMs);
        if (
          !this.#stopped &&
          (await claim(this.#work.knex, row.id, {
            owner: this.#id,
            now,
            until,
          }))
        ) {
          await this.#attend(row);
        }
      }
    } while (rows.length === BATCH && !this.#stopped);
  }

  /** Two requests may be made for one answer, and the judging takes a moment. */
  get #leaseMs(): number {
    return 3 * this.#config.timeoutMs + 10_000;
  }

  async #attend(row: QuestionRow): Promise<void> {
    try {
      const { version, ...answer } = await this.#judge(row);
      const platform = this.#platformOf(row);
      if (answer.verdict === 'waiting') {
        await this.#wait(row, platform, answer, version);
      } else {
        await this.#end(row, platform, answer, version);
      }
    } catch (error) {
      await this.#fail(row, error);
    }
  }

  async #judge(row: QuestionRow) {
    const answer = await this.#questions.judge({
      model: row.model_ref,
      environment: row.environment,
      named: subjectOf(row).named,
    });
    const { patienceMs } = this.#config;
    return answer.verdict === 'waiting' &&
      ageOf(row, this.#work.now()) > patienceMs
      ? {
          ...answer,
          verdict: 'refused' as const,
          statement: `Nobody decided within ${duration(patienceMs / 1000)}. ${
            answer.statement
          }`,
        }
      : answer;
  }

  /** Says that it waits, each reason once, and looks again later. */
  async #wait(
    row: QuestionRow,
    platform: Platform,
    answer: Answer,
    version: string | null,
  ): Promise<void> {
    const told = `${answer.verdict}: ${answer.statement}`;
    const isNews = row.told !== told && platform.canTellWaiting(row.told_times);
    if (isNews) {
      // A word on the way that is not taken is no trouble; it is said once more with the next reason
      await platform.tell(answer, false);
    }
    await updateHeld(this.#work.knex, row.id, this.#id, {
      ...answer,
      version,
      ...(isNews && { told, told_times: row.told_times + 1 }),
      attempts: 0,
      error: null,
      due_at: new Date(this.#work.now().getTime() + this.#config.recheckMs),
    });
  }

  async #end(
    row: QuestionRow,
    platform: Platform,
    answer: Answer,
    version: string | null,
  ): Promise<void> {
    const told = `${answer.verdict}: ${answer.statement}`;
    // Written down first: whoever goes on after this replica died knows that it may have been told
    const isHeld = await updateHeld(
      this.#work.knex,
      row.id,
      this.#id,
      { ...answer, version, told, attempts: row.attempts + 1, error: null },
      true,
    );
    if (!isHeld) {
      return;
    }
    const isRepeated = row.attempts > 0 && row.told === told;
    const taken = await platform.tell(answer, isRepeated);
    await this.#close(
      row,
      taken.state === 'taken'
        ? { state: 'answered', answer }
        : { state: 'failed', answer, error: taken.message },
      version,
    );
  }

  async #close(
    row: QuestionRow,
    end:
      | { state: 'answered'; answer: Answer }
      | { state: 'failed'; answer?: Answer; error: string },
    version: string | null,
  ): Promise<void> {
    await this.#work.run(async tx => {
      const error = end.state === 'failed' ? end.error : null;
      const isHeld = await updateHeld(tx.knex, row.id, this.#id, {
        state: end.state,
        answered_at: tx.now,
        error,
        due_at: null,
      });
      if (!isHeld) {
        return;
      }
      tx.record({
        actor: actorOf(row),
        action: error ? 'release.unanswered' : 'release.answered',
        model: row.model_ref,
        subject: `version:${version ?? 'unknown'}`,
        summary: error
          ? `Could not answer ${row.about}: ${error}`
          : `Answered ${row.about}: ${end.answer?.statement}`,
        details: { environment: row.environment, version, ...end },
      });
    });
  }

  /** Notes what went wrong, and tries again later, each time later. */
  async #fail(row: QuestionRow, error: unknown): Promise<void> {
    const message = messageOf(error);
    const attempts = row.attempts + 1;
    if (attempts >= MOST_ATTEMPTS) {
      this.#logger.error(`Could not answer ${row.about}: ${message}`);
      await this.#close(row, { state: 'failed', error: message }, row.version);
      return;
    }
    const wait = Math.min(
      FIRST_WAIT_MS * 2 ** Math.min(row.attempts, 20),
      LONGEST_WAIT_MS,
    );
    this.#logger.warn(
      `Answering ${row.about} is tried again in ${wait / 1000} s: ${message}`,
    );
    await updateHeld(this.#work.knex, row.id, this.#id, {
      attempts,
      error: message,
      due_at: new Date(this.#work.now().getTime() + wait),
    });
  }

  #platformOf(row: QuestionRow): Platform {
    const { reply } = subjectOf(row);
    const { timeoutMs } = this.#config;
    const connection = this.#config[row.platform].find(
      each => each.name === row.connection,
    );
    if (!connection) {
      throw new Error(
        `modelDelivery.releaseHooks.${row.platform} has no ${row.connection} any more`,
      );
    }
    return 'apiBaseUrl' in connection
      ? answerGitHub({
          connection,
          reply: reply as GitHubReply,
          timeoutMs,
          now: () => new Date(),
        })
      : answerGitLab({
          connection: connection as HookConfig['gitlab'][number],
          reply: reply as GitLabReply,
          timeoutMs,
        });
  }
}
