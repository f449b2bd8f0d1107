import { Router } from 'express';
import { ModelResource } from './access/modelRules';
import { EngineContext } from './context';
import { createHooksRouter } from './hooks/createHooksRouter';
import { Handlers } from './http/operations';
import { createDeliveriesRouter } from './registries/createDeliveriesRouter';
import { createDelivery } from './engine/createDelivery';
import { createFoundation } from './engine/createFoundation';
import { createHandlers } from './engine/createHandlers';
import { createKnowledge } from './engine/createKnowledge';
import { startWork } from './engine/startWork';

/** The capabilities, assembled. */
export interface Engine {
  handlers: Handlers;
  /** Takes the hooks of other tools, which say by themselves who they are. */
  hooks: Router[];
  /** The models behind the given entity refs, for the permission framework. */
  getResources(refs: string[]): Promise<(ModelResource | undefined)[]>;
  /** Begins the work that nobody asks for by HTTP. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Assembles the capabilities. */
export async function createEngine(installed: EngineContext): Promise<Engine> {
  const foundation = await createFoundation(installed);
  const delivery = createDelivery(foundation);
  const knowledge = createKnowledge(foundation, delivery);
  const services = { foundation, delivery, knowledge };
  return {
    handlers: createHandlers(services),
    hooks: [
      createHooksRouter(installed.config.hooks, delivery.questions),
      createDeliveriesRouter(knowledge.deliveries),
    ],
    getResources: refs => foundation.models.getResources(refs),
    start: () => startWork(services),
    stop: async () => {
      await delivery.worker.stop();
      await delivery.answers.stop();
      await knowledge.registrySync.stop();
    },
  };
}
