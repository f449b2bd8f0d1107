import { Answer } from '../questions';

/** How a platform took an answer. */
export type Taken =
  | { state: 'taken' }
  /** Told in vain: trying again does not help. */
  | { state: 'refused'; message: string };

/** Where answers that come later go. */
export interface Platform {
  /** Whether it can be told that a question waits, the times it was told before given. */
  canTellWaiting(toldTimes: number): boolean;
  /**
   * Tells it an answer.
   * @param isRepeated - whether it may have been told before, without a word of that it arrived
   * @throws when trying again may help
   */
  tell(answer: Answer, isRepeated: boolean): Promise<Taken>;
}

/** Judges a status of GitHub or GitLab, which mean the same by most of them. */
export function judgeStatus(
  service: string,
  answer: { status: number; text: string },
): Taken {
  const { status } = answer;
  if (status >= 200 && status < 300) {
    return { state: 'taken' };
  }
  const message = `${service} answered ${status}: ${answer.text.slice(0, 300)}`;
  if (
    status >= 500 ||
    // Permissions and limits are mended by people or time
    [401, 403, 408, 425, 429].includes(status)
  ) {
    throw new Error(message);
  }
  return { state: 'refused', message };
}
