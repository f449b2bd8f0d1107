import { Knex } from 'knex';
import {
  ModelPage,
  Risk,
} from '@slipway/backstage-plugin-model-delivery-common';
import { patternOf } from '../database/values';
import { tierOf } from './ModelRecord';

/** A filter that is counted as a facet. */
export type Facet = NonNullable<ModelPage['facets']>[number]['name'];

/** The value of the filter and facet `serving` for models that serve in no environment. */
export const NOWHERE = 'nowhere';

/** What is filtered by and counted of one column of `models`. */
export interface FacetColumn {
  column: string;
  /** The values of the facet that a value of the column counts for; the value itself unless given. */
  valuesOf?: (stored: string) => string[];
  /** Keeps the models that have any of the values; those whose column holds one of them unless given. */
  narrow?: (builder: Knex.QueryBuilder, values: string[]) => void;
}

/** The facets in the order in which they are counted. A column more here is a facet more. */
export const FACETS: Record<Facet, FacetColumn> = {
  waiting: { column: 'waiting_kind' },
  risk: { column: 'risk' },
  tier: {
    column: 'risk',
    valuesOf: risk => [tierOf(risk as Risk)],
    narrow: (builder, tiers) =>
      builder.whereIn(
        'models.risk',
        (['low', 'medium', 'high'] as const).filter(risk =>
          tiers.includes(tierOf(risk)),
        ),
      ),
  },
  health: { column: 'health_state' },
  owner: {
    column: 'owner',
    // Entity refs, which the catalog compares in lower case
    narrow: (builder, refs) => builder.whereIn('models.owner', lower(refs)),
  },
  system: {
    column: 'system',
    narrow: (builder, refs) => builder.whereIn('models.system', lower(refs)),
  },
  lifecycle: { column: 'lifecycle' },
  serving: {
    column: 'serving_in',
    valuesOf: stored => {
      const environments = environmentsOf(stored);
      return environments.length > 0 ? environments : [NOWHERE];
    },
    narrow: (builder, values) =>
      builder.where(either =>
        values.forEach(value =>
          value === NOWHERE
            ? either.orWhere('models.serving_in', '')
            : either.orWhereRaw(`models.serving_in like ? escape '\\'`, [
                patternOf(`,${value},`),
              ]),
        ),
      ),
  },
  task: { column: 'task' },
  framework: { column: 'framework' },
  card: { column: 'card_state' },
  toBeCompleted: {
    column: 'to_be_completed',
    valuesOf: stored => stored.split(','),
    narrow: (builder, fields) =>
      builder.where(either =>
        fields.forEach(field =>
          either.orWhereRaw(
            `',' || models.to_be_completed || ',' like ? escape '\\'`,
            [patternOf(`,${field},`)],
          ),
        ),
      ),
  },
};

/** The facets' names, in their order. */
export const FACET_NAMES = Object.keys(FACETS) as Facet[];

/** The environments of a value of `models.serving_in`, by name. */
export function environmentsOf(stored: string): string[] {
  return stored
    .split(',')
    .filter(each => each !== '')
    .sort();
}

/** A value of `models.serving_in`. */
export function toServingIn(environments: string[]): string {
  return environments.length > 0 ? `,${[...environments].sort().join()},` : '';
}

function lower(refs: string[]): string[] {
  return refs.map(each => each.toLocaleLowerCase('en-US'));
}
