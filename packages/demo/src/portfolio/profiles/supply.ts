import { Crew, ModelProfile } from '../types';
import { conduct, own, quality } from './courses';

const crew: Crew = {
  scientists: ['n.rossi'],
  engineers: ['w.chen'],
  lead: 'o.petrov',
};

const shared = {
  crew,
  prefix: 'v',
  leadHours: { code: 33, data: 190, configuration: 6 },
  errorShare: 0.085,
  failureShare: 0.065,
};

/** Busy, on machines that lose runs, and slower than the target. */
export const supplyProfiles: readonly ModelProfile[] = [
  {
    ...shared,
    name: 'demand-forecast-fresh',
    risk: 'medium',
    firstNumber: 6,
    releases: 48,
    lastReleaseDaysAgo: 3,
    ahead: 1,
    held: 0.08,
    changes: { code: 10, data: 36, configuration: 2 },
    runs: 300,
    metrics: [
      ...quality({ accuracy: [0.812, 0.836], f1: [0.701, 0.728] }),
      own('wape', [0.188, 0.164], { better: 'lower' }),
      ...conduct([0.031, 0.028]),
    ],
    data: [
      { name: 'daily-sales', rows: 88_000_000, everyDays: 7 },
      { name: 'weather-history', rows: 3_100_000, everyDays: 7 },
    ],
    parameters: { horizon_days: '7', num_leaves: '127', quantile: '0.5' },
    troubles: [
      {
        weeksAgo: 43,
        kind: 'incident',
        minutes: 95,
        incident: 'Orders of bakery articles doubled',
      },
      { weeksAgo: 28, kind: 'rolled-back', minutes: 24 },
      {
        weeksAgo: 10,
        kind: 'hot-fixed',
        minutes: 66,
        incident: 'Forecasts miss the public holiday',
      },
      { weeksAgo: 4, kind: 'rolled-back', minutes: 21 },
    ],
    incidents: [
      {
        daysAgo: 72,
        title: 'Nightly sales arrive five hours late',
        minutes: 310,
      },
    ],
  },
  {
    ...shared,
    name: 'store-footfall',
    risk: 'low',
    firstNumber: 2,
    releases: 22,
    lastReleaseDaysAgo: 8,
    ahead: 1,
    held: 0.1,
    changes: { code: 7, data: 15 },
    runs: 130,
    metrics: [
      ...quality({ accuracy: [0.838, 0.851], f1: [0.742, 0.757] }),
      own('wape', [0.162, 0.149], { better: 'lower' }),
    ],
    data: [{ name: 'door-counters', rows: 5_200_000, everyDays: 14 }],
    parameters: { horizon_days: '14', seasonality: 'weekly' },
    troubles: [{ weeksAgo: 35, kind: 'rolled-back', minutes: 19 }],
    incidents: [
      {
        daysAgo: 177,
        title: 'A door counter reports negative visitors',
        minutes: 45,
      },
    ],
  },
  {
    ...shared,
    name: 'churn-retail',
    risk: 'low',
    // As fraud-card-present: v1 and on are made with Slipway.
    prefix: 'r',
    firstNumber: 9,
    releases: 20,
    lastReleaseDaysAgo: 10,
    ahead: 0,
    held: 0.1,
    changes: { code: 8, data: 10, configuration: 2 },
    runs: 140,
    labels: ['stays', 'leaves'],
    metrics: [
      ...quality({ accuracy: [0.842, 0.857], f1: [0.664, 0.692] }),
      own('roc_auc', [0.871, 0.884], { better: 'higher' }),
    ],
    data: [{ name: 'loyalty-activity', rows: 3_700_000, everyDays: 14 }],
    parameters: { learning_rate: '0.1', max_depth: '5', n_estimators: '200' },
    troubles: [{ weeksAgo: 15, kind: 'hot-fixed', minutes: 70 }],
    incidents: [
      { daysAgo: 55, title: 'The list of customers is empty', minutes: 83 },
    ],
  },
  {
    ...shared,
    name: 'price-elasticity',
    risk: 'medium',
    firstNumber: 4,
    releases: 16,
    lastReleaseDaysAgo: 22,
    ahead: 1,
    held: 0.1,
    changes: { code: 6, data: 10 },
    runs: 110,
    metrics: [
      ...quality({ accuracy: [0.774, 0.789], f1: [0.681, 0.699] }),
      own('mean_absolute_error', [0.31, 0.27], { better: 'lower' }),
      ...conduct([0.027, 0.025]),
    ],
    data: [
      { name: 'price-changes', rows: 9_400_000, everyDays: 31 },
      { name: 'daily-sales', rows: 88_000_000, everyDays: 31 },
    ],
    parameters: { hierarchy: 'category', prior_scale: '0.5' },
    troubles: [{ weeksAgo: 24, kind: 'rolled-back', minutes: 27 }],
    incidents: [
      {
        daysAgo: 38,
        title: 'Prices of two categories are swapped',
        minutes: 74,
      },
    ],
  },
];
