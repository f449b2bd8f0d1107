import { Crew, ModelProfile } from '../types';
import { conduct, own, quality } from './courses';

const crew: Crew = {
  scientists: ['l.weber', 'p.nunes'],
  engineers: ['s.iyer'],
  lead: 'j.moreau',
};

const shared = {
  crew,
  prefix: 'v',
  leadHours: { code: 18, data: 150, configuration: 3 },
  errorShare: 0.032,
  failureShare: 0.06,
};

const boosting = {
  learning_rate: '0.05',
  max_depth: '6',
  n_estimators: '400',
};

/** Careful, seldom, and nearly always right. */
export const creditRiskProfiles: readonly ModelProfile[] = [
  {
    ...shared,
    name: 'credit-default',
    risk: 'high',
    firstNumber: 2,
    releases: 12,
    lastReleaseDaysAgo: 18,
    ahead: 1,
    held: 0.1,
    changes: { code: 5, data: 6, configuration: 1 },
    runs: 150,
    labels: ['repaid', 'defaulted'],
    metrics: [
      ...quality({ accuracy: [0.903, 0.912], f1: [0.578, 0.612] }),
      own('roc_auc', [0.861, 0.8734], { better: 'higher' }),
      own('brier_score', [0.0621, 0.0581], { better: 'lower' }),
      ...conduct([0.038, 0.031]),
    ],
    data: [
      { name: 'loan-applications', rows: 1_220_000, everyDays: 31 },
      { name: 'bureau-scores', rows: 980_000, everyDays: 31 },
    ],
    parameters: boosting,
    troubles: [{ weeksAgo: 33, kind: 'rolled-back', minutes: 14 }],
    incidents: [
      { daysAgo: 208, title: 'Bureau scores arrive twice', minutes: 75 },
      { daysAgo: 16, title: 'Feature store timeouts', minutes: 38 },
    ],
  },
  {
    ...shared,
    name: 'credit-limit',
    risk: 'high',
    firstNumber: 1,
    releases: 9,
    lastReleaseDaysAgo: 41,
    ahead: 1,
    held: 0.1,
    changes: { code: 4, data: 5 },
    runs: 90,
    metrics: [
      ...quality({ accuracy: [0.842, 0.858], f1: [0.711, 0.736] }),
      own('mean_absolute_error', [412, 371], { better: 'lower', unit: 'EUR' }),
      ...conduct([0.044, 0.036]),
    ],
    data: [
      { name: 'account-behaviour', rows: 6_400_000, everyDays: 31 },
      { name: 'bureau-scores', rows: 980_000, everyDays: 31 },
    ],
    parameters: boosting,
    troubles: [],
    incidents: [
      { daysAgo: 119, title: 'Limits are proposed in cents', minutes: 42 },
    ],
  },
  {
    ...shared,
    name: 'income-estimate',
    risk: 'high',
    firstNumber: 1,
    releases: 0,
    lastReleaseDaysAgo: 0,
    ahead: 5,
    held: 0,
    changes: { code: 3, data: 1 },
    runs: 60,
    failureShare: 0.22,
    metrics: [
      ...quality({ accuracy: [0.71, 0.79], f1: [0.62, 0.7], half: 0.03 }),
      own('mean_absolute_error', [530, 390], { better: 'lower', unit: 'EUR' }),
      ...conduct([0.092, 0.061]),
    ],
    data: [{ name: 'account-behaviour', rows: 2_100_000, everyDays: 31 }],
    parameters: boosting,
    troubles: [],
    incidents: [],
  },
  {
    ...shared,
    name: 'collections-priority',
    risk: 'high',
    firstNumber: 3,
    releases: 15,
    lastReleaseDaysAgo: 9,
    ahead: 1,
    held: 0.12,
    changes: { code: 6, data: 6, configuration: 3 },
    runs: 120,
    // Stale by the policy's 90 days
    cardAgeDays: 97,
    metrics: [
      ...quality({ accuracy: [0.781, 0.803], f1: [0.668, 0.694] }),
      own('ndcg_at_50', [0.612, 0.647], { better: 'higher' }),
      ...conduct([0.041, 0.034]),
    ],
    data: [
      { name: 'arrears-cases', rows: 184_000, everyDays: 14 },
      { name: 'account-behaviour', rows: 6_400_000, everyDays: 31 },
    ],
    parameters: { learning_rate: '0.1', num_leaves: '63', label_gain: '0,1,3' },
    troubles: [
      {
        weeksAgo: 21,
        kind: 'hot-fixed',
        minutes: 44,
        incident: 'Cases of closed accounts rank first',
      },
    ],
    incidents: [],
  },
  {
    ...shared,
    name: 'payment-delay',
    risk: 'medium',
    firstNumber: 1,
    releases: 22,
    lastReleaseDaysAgo: 6,
    ahead: 1,
    held: 0.12,
    changes: { code: 10, data: 9, configuration: 3 },
    runs: 150,
    metrics: [
      ...quality({ accuracy: [0.871, 0.884], f1: [0.602, 0.641] }),
      own('roc_auc', [0.842, 0.857], { better: 'higher' }),
      ...conduct([0.033, 0.029]),
    ],
    data: [{ name: 'account-behaviour', rows: 6_400_000, everyDays: 14 }],
    parameters: boosting,
    troubles: [
      { weeksAgo: 40, kind: 'rolled-back', minutes: 17 },
      { weeksAgo: 13, kind: 'hot-fixed', minutes: 52 },
    ],
    incidents: [
      {
        daysAgo: 64,
        title: 'Warnings stop after a password change',
        minutes: 128,
      },
    ],
  },
];
