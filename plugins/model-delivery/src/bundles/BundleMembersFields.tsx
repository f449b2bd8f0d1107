import { useState } from 'react';
import Autocomplete from '@mui/material/Autocomplete';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { parseEntityRef } from '@backstage/catalog-model';
import { dataOf } from '@slipway/backstage-plugin-model-delivery-common';
import { useLive } from '../api';
import { newKey, Sub } from '../components';

/** A member as it is being chosen. */
export interface ChosenMember {
  key: string;
  /** Entity ref; empty until one is chosen. */
  model: string;
  /** Empty until one is chosen. */
  version: string;
}

/** A member of which nothing is chosen yet, or only its model. */
export function newMember(model = ''): ChosenMember {
  return { key: newKey(), model, version: '' };
}

/** Lets one choose a model by its title, and one of its newest versions. */
export function BundleMembersFields(props: {
  /** 1 for the first. */
  position: number;
  member: ChosenMember;
  /** Whether its model stands. */
  isFixed: boolean;
  /** Models that are chosen already. */
  taken: string[];
  onChange: (member: ChosenMember) => void;
  onRemove?: () => void;
}) {
  const { position, member, isFixed, taken, onChange, onRemove } = props;
  const [text, setText] = useState('');
  const models = useLive(
    `bundle-models/${isFixed ? '' : text}`,
    async ({ client, signal }) =>
      isFixed
        ? []
        : dataOf(
            await client.GET('/models', {
              params: { query: { q: text || undefined, limit: 20 } },
              signal,
            }),
          ).items,
  );
  const versions = useLive(
    `bundle-versions/${member.model}`,
    async ({ client, signal }) => {
      if (!member.model) {
        return [];
      }
      const { namespace, name } = parseEntityRef(member.model);
      return dataOf(
        await client.GET('/models/{namespace}/{name}/versions', {
          params: { path: { namespace, name }, query: { limit: 50 } },
          signal,
        }),
      ).items;
    },
  );
  const options = (models.data ?? []).filter(
    each => each.ref === member.model || !taken.includes(each.ref),
  );
  return (
    <Box
      role="group"
      aria-label={`Member ${position}`}
      sx={{
        display: 'grid',
        gap: 1,
        gridTemplateColumns: { xs: '1fr', sm: '3fr 2fr' },
        alignItems: 'start',
      }}
    >
      {isFixed ? (
        <TextField
          label="Model"
          value={parseEntityRef(member.model).name}
          InputProps={{ readOnly: true }}
        />
      ) : (
        <Autocomplete
          options={options}
          loading={models.data === undefined}
          getOptionLabel={each => each.title}
          getOptionKey={each => each.ref}
          isOptionEqualToValue={(a, b) => a.ref === b.ref}
          filterOptions={found => found}
          onInputChange={(_event, typed, why) =>
            why === 'input' && setText(typed)
          }
          onChange={(_event, chosen) =>
            onChange({ ...member, model: chosen?.ref ?? '', version: '' })
          }
          renderInput={params => <TextField {...params} label="Model" />}
        />
      )}
      <TextField
        select
        label="Version"
        value={member.version}
        onChange={event => onChange({ ...member, version: event.target.value })}
        SelectProps={{ native: true }}
        InputLabelProps={{ shrink: true }}
        disabled={!member.model}
      >
        <option value="">Choose…</option>
        {(versions.data ?? []).map(each => (
          <option key={each.version} value={each.version}>
            {each.version}
            {each.environments.length > 0 &&
              `, serves in ${each.environments
                .map(where => where.name)
                .join(', ')}`}
          </option>
        ))}
      </TextField>
      {member.model && versions.data?.length === 0 && (
        <Sub>It has no versions yet.</Sub>
      )}
      {onRemove && (
        <Button
          size="small"
          onClick={onRemove}
          sx={{ textTransform: 'none', justifySelf: 'start' }}
        >
          Remove member {position}
        </Button>
      )}
    </Box>
  );
}
