import { BundlePromotion } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { modelEntity, people } from './people';
import { startTestEngine, TestEngine } from './startTestEngine';
import { answers, TestDelivery } from './TestDelivery';

/** The models of the bundle, as the catalog has them. */
export const BUNDLE_ENTITIES = ['ranker', 'retriever'].map(name =>
  modelEntity(name),
);

/** Two models that go together, and the promotions that take their second versions to production. */
export interface ArrangedBundle {
  engine: TestEngine;
  /** Speaks for both, since a promotion is asked about by its id. */
  ranker: TestDelivery;
  retriever: TestDelivery;
  /** Id of the promotion of k2. */
  k: string;
  /** Id of the promotion of r2. */
  r: string;
}

/** Starts an engine in which k1 and r1 serve, and k2 and r2 wait for approval as a bundle. */
export async function arrangeBundle(knex: Knex): Promise<ArrangedBundle> {
  const engine = await startTestEngine({ knex, entities: BUNDLE_ENTITIES });
  const ranker = new TestDelivery(engine, 'ranker');
  const retriever = new TestDelivery(engine, 'retriever');
  for (const [delivery, letter] of [
    [ranker, 'k'],
    [retriever, 'r'],
  ] as const) {
    await delivery.register(`${letter}1`);
    await delivery.deployFirst(`${letter}1`);
    await delivery.register(`${letter}2`);
    await delivery.stage(`${letter}2`);
  }
  const { body: bundle } = await engine
    .as(people.dataScientist)
    .post('/bundles', {
      name: 'Search',
      members: [
        { model: 'model:default/ranker', version: 'k2' },
        { model: 'model:default/retriever', version: 'r2' },
      ],
    })
    .expect(answers(201));
  const { body }: { body: BundlePromotion } = await engine
    .as(people.dataScientist)
    .post('/bundle-promotions', {
      bundle: bundle.id,
      environment: 'production',
    })
    .expect(answers(201));
  const [k, r] = body.members.map(each => each.promotion!.id);
  await ranker.until(r, 'awaiting-approval');
  return { engine, ranker, retriever, k, r };
}
