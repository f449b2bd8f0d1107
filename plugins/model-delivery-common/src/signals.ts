/**
 * Channel on which the backend says what changed, so that open pages read it again.
 * @public
 */
export const MODEL_DELIVERY_CHANNEL = 'model-delivery';

/**
 * What changed; never the record itself, which only the API gives to whom it may.
 * @public
 */
export type ModelDeliverySignal =
  | { type: 'promotion'; id: string; model: string; revision: number }
  | { type: 'model'; model: string };
