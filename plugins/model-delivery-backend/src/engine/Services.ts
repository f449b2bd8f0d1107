import { Delivery } from './createDelivery';
import { Foundation } from './createFoundation';
import { Knowledge } from './createKnowledge';

/** All capabilities. */
export interface Services {
  foundation: Foundation;
  delivery: Delivery;
  knowledge: Knowledge;
}
