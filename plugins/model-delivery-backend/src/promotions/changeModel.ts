import { Transaction, UnitOfWork } from '../database/UnitOfWork';
import { ModelsService } from '../models/ModelsService';

/**
 * Runs a change of a model's promotions or deployments, then brings the model's status up to date in the same
 * transaction. That comes last, since it locks the model's row: whoever holds it waits for nothing any more.
 */
export async function changeModel<T>(
  context: { work: UnitOfWork; models: ModelsService },
  modelRef: string,
  change: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return context.work.run(async tx => {
    const value = await change(tx);
    await context.models.refreshStatus(tx, modelRef);
    return value;
  });
}
