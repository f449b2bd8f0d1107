import { commitOfText, digestOfText } from './random';
import { DAY, timestamp } from './time';
import { ModelHistory } from './types';

/** Days before the end of the year at which the base model's one version was made. */
const AGE_DAYS = 364;
const NAME = 'compact-instruct';
const VERSION = '1.0';

/** The version that is reported first of all; by its date an earlier load is known again. */
export const LANDMARK = {
  namespace: 'default',
  name: NAME,
  version: VERSION,
} as const;

/** The end of the year of which the landmark was loaded. */
export function yearEndOf(landmarkCreatedAt: string): Date {
  return new Date(Date.parse(landmarkCreatedAt) + AGE_DAYS * DAY);
}

/** The base model that dispute-summary is derived from: bought, hence without runs, and never deployed itself. */
export function baseModelHistory(asOf: number): ModelHistory {
  return {
    namespace: LANDMARK.namespace,
    name: NAME,
    versions: [
      {
        registration: {
          version: VERSION,
          createdAt: timestamp(asOf - AGE_DAYS * DAY),
          parts: {
            code: { commit: commitOfText(`${NAME}/${VERSION}`) },
            data: [],
            artifact: { digest: digestOfText(`${NAME}/${VERSION}`) },
            configuration: [],
            parameters: { context_tokens: '32768' },
            trainedBy: 'user:default/y.haddad',
          },
        },
        evaluations: [],
      },
    ],
    lineage: [],
    runs: [],
    deployments: [],
    incidents: [],
  };
}
