import { useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { ModelCardView } from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../../api';
import { ErrorNote, icons } from '../../components';
import { buttonSx } from '../../promotions/buttonSx';
import { useModelName } from '../useModelDetail';
import { cardFormats, exportCard } from './exportCard';
import { ImportDialog } from './ImportDialog';
import { useCardQuery, useVersionNames } from './useCard';

/** Which version's card, read against which; and its way out and in. */
export function CardToolbar(props: {
  view: ModelCardView;
  onImported: () => void;
}) {
  const { view, onImported } = props;
  const { card, viewer, text } = view;
  const [query, setQuery] = useCardQuery();
  const [importing, setImporting] = useState(false);
  const names = useVersionNames();
  const listed = (chosen: string | null | undefined) =>
    chosen && !names.includes(chosen) ? [chosen, ...names] : names;
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mb: 1 }}>
      {card.version !== null && (
        <>
          <Select
            label="Version"
            value={card.version}
            options={listed(card.version)}
            onChange={version => setQuery({ version })}
          />
          <Select
            label="Against"
            value={query.against ?? ''}
            none="nothing"
            options={listed(query.against).filter(
              each => each !== card.version,
            )}
            onChange={against =>
              setQuery({
                // So that the address goes on meaning these two
                version: card.version ?? undefined,
                against: against || undefined,
              })
            }
          />
        </>
      )}
      <Box sx={{ display: 'flex', gap: 1, ml: { sm: 'auto' } }}>
        {viewer.mayImport && (
          <Button
            sx={buttonSx}
            color="inherit"
            onClick={() => setImporting(true)}
          >
            Import…
          </Button>
        )}
        <ExportMenu version={card.version ?? undefined} />
      </Box>
      {importing && (
        <ImportDialog
          version={card.version ?? undefined}
          text={text}
          onClose={() => setImporting(false)}
          onImported={onImported}
        />
      )}
    </Box>
  );
}

function Select(props: {
  label: string;
  value: string;
  options: string[];
  /** What stands for no choice. */
  none?: string;
  onChange: (value: string) => void;
}) {
  const { label, value, options, none, onChange } = props;
  return (
    <TextField
      select
      label={label}
      size="small"
      value={value}
      onChange={event => onChange(event.target.value)}
      SelectProps={{ native: true }}
      InputLabelProps={{ shrink: true }}
      sx={{ minWidth: 104, '& select': { fontSize: 14, py: '7px' } }}
    >
      {none && <option value="">{none}</option>}
      {options.map(each => (
        <option key={each} value={each}>
          {each}
        </option>
      ))}
    </TextField>
  );
}

function ExportMenu(props: { version?: string }) {
  const { version } = props;
  const { namespace, name } = useModelName();
  const client = useModelDelivery();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [error, setError] = useState<unknown>();
  return (
    <>
      <Button
        sx={buttonSx}
        variant="outlined"
        color="inherit"
        startIcon={<icons.DownloadIcon />}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={event => setAnchor(event.currentTarget)}
      >
        Export
      </Button>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={() => setAnchor(null)}
      >
        {cardFormats.map(({ format, label }) => (
          <MenuItem
            key={format}
            dense
            onClick={async () => {
              setAnchor(null);
              setError(undefined);
              try {
                await exportCard(client, {
                  path: { namespace, name },
                  version,
                  format,
                });
              } catch (caught) {
                setError(caught);
              }
            }}
          >
            {label}
          </MenuItem>
        ))}
      </Menu>
      {error !== undefined && (
        <ErrorNote title="The card was not exported" error={error} />
      )}
    </>
  );
}
