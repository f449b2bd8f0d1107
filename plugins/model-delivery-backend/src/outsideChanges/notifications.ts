import { parseEntityRef } from '@backstage/catalog-model';
import { Transaction } from '../database/UnitOfWork';

/** Tells the model's owner of a change that was made without Slipway. */
export function notifyRaised(
  tx: Transaction,
  raised: {
    id: number;
    modelRef: string;
    model: { owner: string; title: string };
    statement: string;
  },
): void {
  const { namespace, name } = parseEntityRef(raised.modelRef);
  tx.publish({
    topic: 'notification',
    payload: {
      recipients: [raised.model.owner],
      title: `${raised.model.title} was changed without Slipway`,
      description: `${raised.statement}. Adopt it through approval, or set it back.`,
      link: `/catalog/${namespace}/model/${name}`,
      severity: 'high',
      scope: `outside-change:${raised.id}`,
    },
  });
}
