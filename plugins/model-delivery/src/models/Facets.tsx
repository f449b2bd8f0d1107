import { useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { ModelPage } from '@slipway/backstage-plugin-model-delivery-common';
import { Sub } from '../components';
import { facetTitles, facetValue, FOLDED } from './facetWords';
import { FacetName, FACETS, ModelsQuery } from './modelsQuery';

type FacetCounts = NonNullable<ModelPage['facets']>;

const SHOWN = 6;

/** What a {@link Facets} shows and says. */
export interface FacetsProps {
  query: ModelsQuery;
  counts: FacetCounts;
  onToggle: (name: FacetName, value: string) => void;
}

/** Every facet with its values and how many models each would show. */
export function Facets(props: FacetsProps) {
  const { query, counts, onToggle } = props;
  return (
    <Box
      component="form"
      aria-label="Filter models"
      onSubmit={event => event.preventDefault()}
    >
      {FACETS.map(name => (
        <Facet
          key={name}
          name={name}
          values={valuesOf(name, counts, query)}
          more={counts.find(facet => facet.name === name)?.more ?? 0}
          picked={query.facets[name]}
          onToggle={value => onToggle(name, value)}
        />
      ))}
    </Box>
  );
}

/** The counted values, and those picked in the address though nothing has them. */
function valuesOf(name: FacetName, counts: FacetCounts, query: ModelsQuery) {
  const counted = counts.find(facet => facet.name === name)?.values ?? [];
  const others = query.facets[name]
    .filter(value => !counted.some(known => known.value === value))
    .map(value => ({ value, count: 0 }));
  return [...counted, ...others];
}

function Facet(props: {
  name: FacetName;
  values: { value: string; count: number }[];
  /** How many values there are besides. */
  more: number;
  picked: string[];
  onToggle: (value: string) => void;
}) {
  const { name, values, more, picked, onToggle } = props;
  const [all, setAll] = useState(false);
  if (values.length === 0) {
    return null;
  }
  const shown = all
    ? values
    : values.filter(
        ({ value }, index) => index < SHOWN || picked.includes(value),
      );
  const hidden = values.length - shown.length;
  return (
    <Box
      component="details"
      open={!FOLDED.includes(name) || picked.length > 0}
      sx={{
        py: 1,
        borderBottom: 1,
        borderColor: 'divider',
        fontSize: 13,
        lineHeight: '18px',
      }}
    >
      <Box
        component="summary"
        sx={{ py: '2px', fontWeight: 700, cursor: 'pointer' }}
      >
        {facetTitles[name]}
      </Box>
      <Box
        role="group"
        aria-label={facetTitles[name]}
        sx={{ fontVariantNumeric: 'tabular-nums' }}
      >
        {shown.map(({ value, count }) => (
          <Box
            component="label"
            key={value}
            sx={{
              display: 'flex',
              alignItems: 'center',
              gap: 1,
              minHeight: 26,
              cursor: 'pointer',
            }}
          >
            <Box
              component="input"
              type="checkbox"
              checked={picked.includes(value)}
              onChange={() => onToggle(value)}
              sx={{
                m: 0,
                width: 14,
                height: 14,
                flex: 'none',
                accentColor: theme => theme.palette.primary.main,
              }}
            />
            <Box
              component="span"
              sx={{ minWidth: 0, overflowWrap: 'anywhere' }}
            >
              {facetValue(name, value)}
            </Box>
            <Box
              component="span"
              sx={{ ml: 'auto', fontSize: 12, color: 'text.secondary' }}
            >
              {count.toLocaleString('en')}
            </Box>
          </Box>
        ))}
      </Box>
      {hidden === 0 && more > 0 && (
        <Sub>{more.toLocaleString('en')} rarer ones: search for them</Sub>
      )}
      {hidden > 0 && (
        <Button
          size="small"
          onClick={() => setAll(true)}
          sx={{ p: '2px 4px', fontSize: 12, textTransform: 'none' }}
        >
          {(hidden + more).toLocaleString('en')} more
        </Button>
      )}
    </Box>
  );
}
