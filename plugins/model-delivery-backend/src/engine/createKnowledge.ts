import { CardWords } from '../cards/CardWords';
import { CardsService } from '../cards/CardsService';
import { EvaluationsService } from '../evaluations/EvaluationsService';
import { ImpactFinder } from '../lineage/ImpactFinder';
import { ImpactService } from '../lineage/ImpactService';
import { StandingFaults } from '../lineage/StandingFaults';
import { CatalogSync } from '../models/CatalogSync';
import { DeliveriesService } from '../registries/DeliveriesService';
import { AskedRegistry } from '../registries/AskedRegistry';
import { RegistryEvaluations } from '../registries/RegistryEvaluations';
import { RegistrySync } from '../registries/RegistrySync';
import { Delivery } from './createDelivery';
import { Foundation } from './createFoundation';

/** What is known of versions beside their delivery: how they measured, what they were made of, what registries say. */
export function createKnowledge(foundation: Foundation, delivery: Delivery) {
  const { context, policies, models, versions, gates, shared } = foundation;
  const { promotions, revocations } = delivery;
  const finder = new ImpactFinder({ context, policies });
  const evaluations = new EvaluationsService(context, {
    models,
    versions,
    promotions,
    faults: new StandingFaults({ context, finder, policies }),
  });
  const cards = new CardsService(context, { ...shared, gates });
  const cardWords = new CardWords(context);
  const catalogSync = new CatalogSync(context, (tx, entities) =>
    cardWords.noteStated(tx, entities),
  );
  const registryEvaluations = new RegistryEvaluations(evaluations);
  versions.listen(registryEvaluations);
  const registrySync = new RegistrySync(context, {
    models,
    versions,
    evaluations: registryEvaluations,
  });
  const impact = new ImpactService({ context, revocations, finder });
  const asked = new AskedRegistry(context, shared);
  const deliveries = new DeliveriesService(context, registrySync);
  return {
    evaluations,
    cards,
    cardWords,
    catalogSync,
    registrySync,
    impact,
    asked,
    deliveries,
  };
}

/** See {@link createKnowledge}. */
export type Knowledge = ReturnType<typeof createKnowledge>;
