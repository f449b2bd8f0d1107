import { SourceTrouble } from '../rollouts/SourceTrouble';
import { findObstacle } from './obstacles';

/**
 * What keeps a version out, for somebody who asks and waits for the answer: a metrics source that gives none is an obstacle
 * of this moment. The worker, which can wait, asks `findObstacle` and tries again.
 */
export async function askObstacle(
  options: Parameters<typeof findObstacle>[0],
): Promise<string | undefined> {
  try {
    return await findObstacle(options);
  } catch (error) {
    if (error instanceof SourceTrouble) {
      return error.obstacle;
    }
    throw error;
  }
}
