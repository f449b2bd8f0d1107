import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import Autocomplete from '@mui/material/Autocomplete';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import useAsync from 'react-use/esm/useAsync';
import useDebounce from 'react-use/esm/useDebounce';

/** People that are offered at a time; more letters find the others. */
const MOST = 20;

interface Person {
  ref: string;
  name: string;
}

/** A field that finds a person in the catalog by what one types. */
export function PersonField(props: {
  label: string;
  /** Entity ref of who cannot be chosen. */
  barred: string;
  /** Told the entity ref, empty while nobody is chosen. */
  onChoose: (ref: string) => void;
}) {
  const { label, barred, onChoose } = props;
  const catalog = useApi(catalogApiRef);
  const [typed, setTyped] = useState('');
  const [term, setTerm] = useState('');
  useDebounce(() => setTerm(typed), 200, [typed]);
  const people = useAsync(async (): Promise<Person[]> => {
    const { items } = await catalog.queryEntities({
      filter: { kind: 'User' },
      fullTextFilter: {
        term,
        fields: ['metadata.name', 'spec.profile.displayName'],
      },
      fields: [
        'kind',
        'metadata.name',
        'metadata.namespace',
        'spec.profile.displayName',
      ],
      orderFields: { field: 'metadata.name', order: 'asc' },
      limit: MOST,
    });
    return items
      .map(user => ({
        ref: stringifyEntityRef(user),
        name:
          (user.spec?.profile as { displayName?: string } | undefined)
            ?.displayName ?? user.metadata.name,
      }))
      .filter(each => each.ref !== barred);
  }, [catalog, term, barred]);
  return (
    <Autocomplete<Person>
      size="small"
      options={people.value ?? []}
      loading={people.loading}
      filterOptions={options => options}
      getOptionLabel={person => person.name}
      getOptionKey={person => person.ref}
      isOptionEqualToValue={(a, b) => a.ref === b.ref}
      onInputChange={(_, value) => setTyped(value)}
      onChange={(_, person) => onChoose(person?.ref ?? '')}
      renderInput={params => (
        <TextField
          {...params}
          required
          label={label}
          error={people.error !== undefined}
          helperText={
            people.error && `People could not be read: ${people.error.message}`
          }
        />
      )}
    />
  );
}
