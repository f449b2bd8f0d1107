import { Crew, ModelProfile } from '../types';
import { conduct, own, quality } from './courses';

const crew: Crew = {
  scientists: ['y.haddad'],
  engineers: ['a.novak'],
  lead: 'b.lindqvist',
};

const shared = {
  crew,
  prefix: 'v',
  leadHours: { code: 15, data: 120, configuration: 2.6, 'base-model': 390 },
  errorShare: 0.028,
  failureShare: 0.07,
};

/** Fast, with an automatic way back that is used. */
export const fraudProfiles: readonly ModelProfile[] = [
  {
    ...shared,
    name: 'fraud-card-present',
    risk: 'high',
    // Released by hand until the model moved to Slipway, where its versions are v1 and on: see `servedModels.ts`.
    prefix: 'r',
    firstNumber: 14,
    releases: 27,
    lastReleaseDaysAgo: 12,
    ahead: 0,
    held: 0.1,
    changes: { code: 12, data: 11, configuration: 4 },
    runs: 220,
    labels: ['genuine', 'fraudulent'],
    metrics: [
      ...quality({ accuracy: [0.958, 0.966], f1: [0.742, 0.781], half: 0.009 }),
      own('roc_auc', [0.961, 0.972], { better: 'higher' }),
      ...conduct([0.028, 0.022]),
    ],
    data: [
      { name: 'card-transactions', rows: 41_000_000, everyDays: 7 },
      { name: 'terminals', rows: 212_000, everyDays: 31 },
    ],
    parameters: { learning_rate: '0.08', max_depth: '8', threshold: '0.42' },
    troubles: [
      {
        weeksAgo: 46,
        kind: 'incident',
        minutes: 48,
        incident: 'Scores arrive late at terminals abroad',
      },
      { weeksAgo: 30, kind: 'rolled-back', minutes: 9 },
      { weeksAgo: 5, kind: 'rolled-back', minutes: 8 },
    ],
    incidents: [
      {
        daysAgo: 251,
        title: 'Terminals of one region are unknown',
        minutes: 57,
      },
      {
        daysAgo: 96,
        title: 'Labels of confirmed fraud are late',
        minutes: 240,
      },
    ],
  },
  {
    ...shared,
    name: 'returns-fraud',
    risk: 'medium',
    firstNumber: 2,
    releases: 25,
    lastReleaseDaysAgo: 6,
    ahead: 1,
    held: 0.12,
    changes: { code: 12, data: 9, configuration: 4 },
    runs: 170,
    labels: ['genuine', 'fraudulent'],
    metrics: [
      ...quality({ accuracy: [0.889, 0.902], f1: [0.688, 0.719] }),
      own('precision_at_100', [0.61, 0.68], { better: 'higher' }),
      ...conduct([0.036, 0.03]),
    ],
    data: [{ name: 'returns-history', rows: 2_900_000, everyDays: 14 }],
    parameters: { learning_rate: '0.07', max_depth: '6', n_estimators: '300' },
    troubles: [
      { weeksAgo: 17, kind: 'rolled-back', minutes: 12 },
      {
        weeksAgo: 38,
        kind: 'hot-fixed',
        minutes: 55,
        incident: 'Refunds of gift cards are all held back',
      },
    ],
    incidents: [
      { daysAgo: 1, title: 'Scores of returns from lockers are missing' },
    ],
  },
  {
    ...shared,
    name: 'dispute-summary',
    risk: 'medium',
    firstNumber: 1,
    releases: 34,
    lastReleaseDaysAgo: 2,
    ahead: 1,
    held: 0.15,
    changes: { code: 7, data: 1, configuration: 22, 'base-model': 4 },
    runs: 180,
    metrics: [
      ...quality({ accuracy: [0.874, 0.917], f1: [0.842, 0.889], half: 0.016 }),
      own('groundedness', [0.921, 0.958], { better: 'higher' }),
      ...conduct([0.039, 0.024]),
    ],
    data: [{ name: 'dispute-letters', rows: 24_000, everyDays: 61 }],
    configuration: ['dispute-prompt'],
    baseModel: 'compact-instruct',
    parameters: { temperature: '0.2', max_tokens: '400' },
    troubles: [
      { weeksAgo: 26, kind: 'rolled-back', minutes: 11 },
      { weeksAgo: 14, kind: 'hot-fixed', minutes: 31 },
    ],
    incidents: [
      { daysAgo: 133, title: 'Summaries are cut off', minutes: 36 },
      { daysAgo: 23, title: 'The base model answers slowly', minutes: 51 },
    ],
  },
  {
    ...shared,
    name: 'merchant-onboarding',
    risk: 'low',
    firstNumber: 5,
    releases: 3,
    lastReleaseDaysAgo: 142,
    ahead: 0,
    held: 0,
    changes: { code: 3 },
    runs: 24,
    metrics: quality({ accuracy: [0.764, 0.766], f1: [0.702, 0.704] }),
    data: [{ name: 'terminals', rows: 212_000, everyDays: 61 }],
    parameters: { max_depth: '4' },
    troubles: [],
    incidents: [],
  },
];
