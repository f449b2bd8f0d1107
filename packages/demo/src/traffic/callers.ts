import { Random } from '../portfolio/random';
import { exponential, poisson, round } from './distributions';

/** A request to a model, as a calling application makes it. */
export interface PredictionRequest {
  /** Whom it is about: requests with the same key stick to the same version. */
  key: string;
  /** Body for `POST /invocations`. */
  body: string;
}

/** Makes the requests of one calling application. */
export type Caller = (random: Random) => PredictionRequest;

const CUSTOMERS = 5000;
const CARDS = 8000;

/**
 * The offer engine, which asks for a customer's risk to churn. About a third of the customers do not use the app, so
 * there is no `app_sessions_30d` to send for them.
 */
export const askForChurn: Caller = random => {
  const customer = random.integer(0, CUSTOMERS - 1);
  // What belongs to the customer stays the same from request to request
  const own = new Random(`customer-${customer}`);
  const loyalty = own.next();
  const usesApp = own.chance(0.66);
  const basket = Math.max(4, own.normal(25 + 32 * loyalty, 14));
  return {
    key: `customer-${customer}`,
    body: asRecord({
      days_since_last_visit: Math.round(exponential(random, 40 - 30 * loyalty)),
      visits_90d: poisson(random, 1 + 12 * loyalty),
      basket_value_mean: round(Math.max(1, random.normal(basket, 4)), 2),
      offers_used_90d: poisson(random, 0.5 + 2 * loyalty),
      complaints_180d: poisson(random, 0.2),
      visits_change_yoy: round(random.normal(-0.03, 0.4), 3),
      ...(usesApp && { app_sessions_30d: poisson(random, 2 + 10 * loyalty) }),
    }),
  };
};

/**
 * The authorisation gateway, which asks for the risk of a card payment. Older terminals, nearly a third, do not say how
 * old their firmware is.
 */
export const askForFraud: Caller = random => {
  const card = random.integer(0, CARDS - 1);
  const own = new Random(`card-${card}`);
  const usual = 8 + exponential(own, 30);
  // A card mostly pays at the terminals around its home
  const knownTerminal = own.chance(0.7);
  const amount = round(Math.max(0.5, exponential(random, usual)), 2);
  return {
    key: `card-${card}`,
    body: asRecord({
      amount,
      amount_zscore: round((amount - usual) / usual, 3),
      seconds_since_last_payment: Math.round(exponential(random, 61_000)),
      distance_from_last_km: round(exponential(random, 6), 1),
      payments_1h: poisson(random, 0.5),
      merchant_fraud_rate: round(exponential(random, 0.0011), 5),
      night: random.chance(0.12) ? 1 : 0,
      ...(knownTerminal && {
        terminal_firmware_age_days: Math.round(exponential(random, 210)),
      }),
    }),
  };
};

/** The applications that call the models of the sample company, by model. */
export const CALLERS: Readonly<Record<string, Caller>> = {
  'churn-retail': askForChurn,
  'fraud-card-present': askForFraud,
};

/**
 * Sends the given bodies, one at random each time, for so many different keys.
 */
export function askWith(bodies: readonly string[], keys: number): Caller {
  return random => ({
    key: `key-${random.integer(0, keys - 1)}`,
    body: random.pick(bodies),
  });
}

function asRecord(row: Record<string, number>): string {
  return JSON.stringify({ dataframe_records: [row] });
}
