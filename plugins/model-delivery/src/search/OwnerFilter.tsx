import { useApi } from '@backstage/core-plugin-api';
import { SearchFilter, useSearch } from '@backstage/plugin-search-react';
import { dataOf } from '@slipway/backstage-plugin-model-delivery-common';
import { modelDeliveryApiRef } from '../api';
import { usePersonNames } from '../components';
import { MODEL_CARD, MODEL_VERSION } from './types';

/** Narrows versions and cards among the results to those of one owner; other results name their owners in other ways. */
export function OwnerFilter(props: { className: string }) {
  const { types } = useSearch();
  const client = useApi(modelDeliveryApiRef);
  const nameOf = usePersonNames();
  if (![MODEL_VERSION, MODEL_CARD].some(type => types.includes(type))) {
    return <></>;
  }
  return (
    <SearchFilter.Select
      className={props.className}
      label="Owner"
      name="owner"
      values={async () => {
        const { facets } = dataOf(
          await client.GET('/models', {
            params: { query: { facets: true, limit: 1 } },
          }),
        );
        return (facets?.find(({ name }) => name === 'owner')?.values ?? []).map(
          ({ value }) => ({ value, label: nameOf(value) }),
        );
      }}
    />
  );
}
