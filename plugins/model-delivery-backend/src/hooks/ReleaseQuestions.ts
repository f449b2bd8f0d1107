import { isError } from '@backstage/errors';
import { ReleaseQuestionPage } from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { decodeCursor, PageRequest, toPage } from '../database/paging';
import { Transaction } from '../database/UnitOfWork';
import { isUniqueViolation, toIso, toIsoOrNull } from '../database/values';
import { ModelsService } from '../models/ModelsService';
import { ReleaseVerdictService } from '../verdicts/ReleaseVerdictService';
import { findNamedVersion } from './findNamedVersion';
import { Answer, Named, Question } from './questions';
import {
  findQuestion,
  findQuestions,
  QuestionRow,
  toColumns,
} from './questionStore';

/** Who asked, in the audit log. */
export function actorOf(
  question: Pick<Question, 'platform' | 'connection'>,
): string {
  return `service:${question.platform}:${question.connection}`;
}

/** Takes questions of other tools, answers those that can be answered at once, and tells people of all of them. */
export class ReleaseQuestions {
  readonly #context: Pick<EngineContext, 'work'>;
  readonly #models: ModelsService;
  readonly #verdicts: ReleaseVerdictService;

  constructor(options: {
    context: Pick<EngineContext, 'work'>;
    models: ModelsService;
    verdicts: ReleaseVerdictService;
  }) {
    this.#context = options.context;
    this.#models = options.models;
    this.#verdicts = options.verdicts;
  }

  /**
   * How a question is answered as everything stands now. A version that is not registered yet is waited for.
   * @throws NotFoundError for an unknown model, InputError for an environment that its policy has not
   */
  async judge(question: {
    model: string;
    environment: string;
    named: Named;
  }): Promise<Answer & { version: string | null }> {
    const model = await this.#models.require(question.model);
    this.#verdicts.checkEnvironment(model, question.environment);
    const found = await findNamedVersion(
      this.#context.work.knex,
      model.ref,
      question.named,
    );
    if ('verdict' in found) {
      return { ...found, version: null };
    }
    const { verdict, statement } = await this.#verdicts.judge(
      model,
      found,
      question.environment,
    );
    return { verdict, statement, version: found.name };
  }

  /**
   * Answers at once. However often it is asked, it is written down when the answer is another than before.
   * @throws NotFoundError, InputError
   */
  async answerNow(question: Question): Promise<Answer> {
    const { work } = this.#context;
    const answer = await this.judge(question);
    const before = await findQuestion(work.knex, question);
    if (before?.verdict === answer.verdict) {
      if (before.statement !== answer.statement) {
        await work
          .knex('release_questions')
          .where({ id: before.id, verdict: before.verdict })
          .update({ statement: answer.statement, version: answer.version });
      }
      return answer;
    }
    try {
      await work.run(async tx => {
        const columns = {
          version: answer.version,
          state: 'answered' as const,
          verdict: answer.verdict,
          statement: answer.statement,
          answered_at: tx.now,
        };
        if (before) {
          const changed = await tx
            .knex('release_questions')
            .where({ id: before.id, verdict: before.verdict })
            .update(columns);
          if (changed !== 1) {
            return;
          }
        } else {
          await tx
            .knex('release_questions')
            .insert({ ...toColumns(question, tx.now), ...columns });
        }
        tx.record({
          actor: actorOf(question),
          action: 'release.answered',
          model: question.model,
          subject: `version:${answer.version ?? 'unknown'}`,
          summary: `Answered ${question.about}: ${answer.statement}`,
          details: { environment: question.environment, ...answer },
        });
      });
    } catch (error) {
      if (!isUniqueViolation(error)) {
        throw error;
      }
      // Somebody wrote the first answer at the same moment
    }
    return answer;
  }

  /**
   * Takes a question that is answered later; the same one again changes nothing. One that asks for another place by now, such
   * as a merge request that was moved to another branch, is a new question in place of the old one.
   * @param again - whether one that was answered is to be answered anew
   * @returns its state
   * @throws NotFoundError, InputError
   */
  async take(
    question: Question,
    again = false,
  ): Promise<Pick<QuestionRow, 'state'>> {
    const { work } = this.#context;
    this.#verdicts.checkEnvironment(
      await this.#models.require(question.model),
      question.environment,
    );
    const known = await findQuestion(work.knex, question);
    if (known) {
      const isMoved =
        known.model_ref !== question.model ||
        known.environment !== question.environment;
      if (!isMoved && (!again || known.state === 'open')) {
        return { state: known.state };
      }
      await work.run(async tx => {
        const changed = await tx
          .knex('release_questions')
          .where({
            id: known.id,
            state: known.state,
            model_ref: known.model_ref,
            environment: known.environment,
          })
          .update({
            ...(isMoved && {
              ...toColumns(question, tx.now),
              version: null,
              verdict: null,
              statement: null,
              answered_at: null,
            }),
            state: 'open',
            asked_at: tx.now,
            due_at: tx.now,
            told: null,
            told_times: 0,
            attempts: 0,
            error: null,
            // Who answers what it was before may not write that down any more
            lease_owner: null,
            lease_until: null,
          });
        if (isMoved && changed === 1) {
          recordAsked(tx, question);
        }
      });
      return { state: 'open' };
    }
    try {
      await work.run(async tx => {
        await tx.knex('release_questions').insert({
          ...toColumns(question, tx.now),
          state: 'open',
          due_at: tx.now,
        });
        recordAsked(tx, question);
      });
    } catch (error) {
      if (!isUniqueViolation(error)) {
        throw error;
      }
    }
    return { state: 'open' };
  }

  /**
   * One page of what was asked about a model, newest first.
   * @throws NotFoundError, NotAllowedError
   */
  async list(
    principal: Principal,
    modelRef: string,
    page: PageRequest,
  ): Promise<ReleaseQuestionPage> {
    const model = await this.#models.requireReadable(principal, modelRef);
    const before = page.cursor
      ? decodeCursor(page.cursor, 'number')[0]
      : undefined;
    const rows = await findQuestions(this.#context.work.knex, model.ref, {
      before,
      limit: page.limit + 1,
    });
    return toPage(
      rows,
      page.limit,
      row => [row.id],
      row => ({
        id: String(row.id),
        platform: row.platform,
        connection: row.connection,
        about: row.about,
        environment: row.environment,
        version: row.version,
        state: row.state,
        verdict: row.verdict,
        statement: row.statement,
        askedAt: toIso(row.asked_at),
        answeredAt: toIsoOrNull(row.answered_at),
        error: row.error,
      }),
    );
  }
}

function recordAsked(tx: Transaction, question: Question): void {
  tx.record({
    actor: actorOf(question),
    action: 'release.asked',
    model: question.model,
    subject: `environment:${question.environment}`,
    summary: `Asked by ${question.about} whether it may go to ${question.environment}`,
    details: { ...question.named, ...question.reply },
  });
}

/** What went wrong, without a stack. */
export function messageOf(error: unknown): string {
  return (isError(error) ? error.message : String(error)).slice(0, 1_000);
}
