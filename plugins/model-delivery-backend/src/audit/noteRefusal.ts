import { NotAllowedError } from '@backstage/errors';
import { UnitOfWork } from '../database/UnitOfWork';

/** What somebody attempted, as far as it is known before it is clear whether they may. */
interface Attempt {
  /** Entity ref of a user, or `service:NAME`. */
  actor: string;
  /** Such as `promotion.decision-refused`. */
  action: string;
  model: string;
  /** Such as `promotion:7`. */
  subject: string;
  /** What was attempted, such as `Decision`: the summary says that it is refused, and why. */
  deed: string;
}

/**
 * Does what only some may do, and writes into the audit log who attempted it although they may not: for want of a permission
 * or a role, or since they had a part in it.
 * @throws what the deed throws
 */
export async function noteRefusal<T>(
  work: UnitOfWork,
  attempt: Attempt,
  attempted: () => Promise<T>,
): Promise<T> {
  try {
    return await attempted();
  } catch (error) {
    if (error instanceof NotAllowedError) {
      const { deed, ...rest } = attempt;
      const because = error.message;
      await work.run(async tx =>
        tx.record({
          ...rest,
          summary: `${deed} refused: ${because}`,
          details: { because },
        }),
      );
    }
    throw error;
  }
}
