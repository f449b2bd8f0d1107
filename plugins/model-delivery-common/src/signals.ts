/**
 * Channel on which the backend says what changed, so that open pages read it again.
 * @public
 */
export const MODEL_DELIVERY_CHANNEL = 'model-delivery';

/**
 * What changed; never the record itself, nor which model it is, which only the API gives to whom it may: signals reach
 * everybody who has the portal open. `models` is the {@link signalGroup} that the model is in.
 * @public
 */
export type ModelDeliverySignal =
  | { type: 'promotion'; id: string; revision: number; models: number }
  | { type: 'model'; models: number };

const SIGNAL_GROUPS = 256;

/**
 * One of 256 groups of models, 0 to 255, that a signal may name: small enough for a page to load again hardly ever for
 * another model's sake, and too large to tell which model it was. FNV-1a (32 bits) of the entity ref, modulo 256.
 * @public
 */
export function signalGroup(modelRef: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(modelRef.toLowerCase())) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash % SIGNAL_GROUPS;
}
