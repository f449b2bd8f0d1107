import { Knex } from 'knex';
import { DatabaseTime, toDate } from '../database/values';
import { Answer, GitHubReply, GitLabReply, Named, Question } from './questions';

/** `open` is answered later, `failed` could not be delivered. */
export type QuestionState = 'open' | 'answered' | 'failed';

/** A row of `release_questions`. */
export interface QuestionRow {
  id: number;
  platform: Question['platform'];
  connection: string;
  question_key: string;
  model_ref: string;
  environment: string;
  version: string | null;
  about: string;
  subject: string;
  state: QuestionState;
  verdict: Answer['verdict'] | null;
  statement: string | null;
  asked_at: DatabaseTime;
  answered_at: DatabaseTime | null;
  told: string | null;
  told_times: number;
  attempts: number;
  error: string | null;
  due_at: DatabaseTime | null;
  lease_owner: string | null;
  lease_until: DatabaseTime | null;
}

/** What a row keeps as JSON. */
export interface QuestionSubject {
  named: Named;
  reply?: GitHubReply | GitLabReply;
}

/** Reads what a row keeps as JSON. */
export function subjectOf(row: Pick<QuestionRow, 'subject'>): QuestionSubject {
  return JSON.parse(row.subject);
}

/** The columns of a question that is new. */
export function toColumns(question: Question, now: Date): Partial<QuestionRow> {
  const { named, reply } = question;
  return {
    platform: question.platform,
    connection: question.connection,
    question_key: question.key,
    model_ref: question.model,
    environment: question.environment,
    about: question.about,
    subject: JSON.stringify({ named, reply } satisfies QuestionSubject),
    asked_at: now,
  };
}

/** The question that was asked by that key. */
export async function findQuestion(
  knex: Knex,
  question: Pick<Question, 'platform' | 'connection' | 'key'>,
): Promise<QuestionRow | undefined> {
  return knex<QuestionRow>('release_questions')
    .where({
      platform: question.platform,
      connection: question.connection,
      question_key: question.key,
    })
    .first();
}

/** Questions of a model, newest first, below an id if given. */
export async function findQuestions(
  knex: Knex,
  modelRef: string,
  options: { before?: number; limit: number },
): Promise<QuestionRow[]> {
  return knex<QuestionRow>('release_questions')
    .where({ model_ref: modelRef })
    .modify(query => {
      if (options.before !== undefined) {
        query.where('id', '<', options.before);
      }
    })
    .orderBy('id', 'desc')
    .limit(options.limit);
}

/** The open questions that are due and that no replica works on. */
export async function findDue(
  knex: Knex,
  now: Date,
  limit: number,
): Promise<QuestionRow[]> {
  return knex<QuestionRow>('release_questions')
    .where({ state: 'open' })
    .where('due_at', '<=', now)
    .where(isFree(now))
    .orderBy('due_at')
    .limit(limit);
}

/** Takes a question for a while. @returns whether it was free */
export async function claim(
  knex: Knex,
  id: number,
  lease: { owner: string; now: Date; until: Date },
): Promise<boolean> {
  const claimed = await knex('release_questions')
    .where({ id, state: 'open' })
    .where('due_at', '<=', lease.now)
    .where(isFree(lease.now))
    .update({ lease_owner: lease.owner, lease_until: lease.until });
  return claimed === 1;
}

/**
 * Changes a question that is held, and gives it back unless it is told to be kept.
 * @returns whether it was still held
 */
export async function updateHeld(
  knex: Knex,
  id: number,
  owner: string,
  columns: Partial<QuestionRow>,
  keep = false,
): Promise<boolean> {
  const changed = await knex('release_questions')
    .where({ id, state: 'open', lease_owner: owner })
    .update({
      ...columns,
      ...(!keep && { lease_owner: null, lease_until: null }),
    });
  return changed === 1;
}

/** How long ago it was asked, in milliseconds. */
export function ageOf(row: QuestionRow, now: Date): number {
  return now.getTime() - toDate(row.asked_at).getTime();
}

function isFree(now: Date): (query: Knex.QueryBuilder) => void {
  return query =>
    query.whereNull('lease_until').orWhere('lease_until', '<', now);
}
