import { Transaction, UnitOfWork } from '../database/UnitOfWork';
import { ModelsService } from '../models/ModelsService';
import { PromotionRecord } from '../promotions/types';
import { lockTogether } from './bundlePromotionStore';

/**
 * Runs a change of a promotion, and of those that go together with it, then brings the status of their models up to date
 * in the same transaction. The lock of the bundle comes first and the models' rows come last, in one order, so that
 * changes wait for one another and never in a circle.
 * @param change - adds to `models` those of other promotions that it changes too
 */
export async function changeTogether<T>(
  context: { work: UnitOfWork; models: ModelsService },
  record: Pick<PromotionRecord, 'id' | 'bundle' | 'modelRef'>,
  change: (tx: Transaction, models: Set<string>) => Promise<T>,
): Promise<T> {
  return context.work.run(async tx => {
    await lockTogether(tx, record);
    const models = new Set<string>();
    const value = await change(tx, models);
    const refs: string[] = record.bundle
      ? await tx
          .knex('promotions')
          .where({ bundle_promotion_id: record.bundle.id })
          .pluck('model_ref')
      : [record.modelRef];
    await refreshModels(context.models, tx, [...refs, ...models]);
    return value;
  });
}

/** Brings the status of models up to date, in the one order in which their rows are locked. */
export async function refreshModels(
  models: ModelsService,
  tx: Transaction,
  refs: string[],
): Promise<void> {
  for (const ref of [...new Set(refs)].sort()) {
    await models.refreshStatus(tx, ref);
  }
}
