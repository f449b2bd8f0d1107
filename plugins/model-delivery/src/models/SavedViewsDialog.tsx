import { FormEvent, useEffect, useId, useRef, useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import FormControlLabel from '@mui/material/FormControlLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import TextField from '@mui/material/TextField';
import { newKey, Sub } from '../components';
import {
  LONGEST_NAME,
  MOST_VIEWS,
  SavedView,
  SavedViews,
  saveView,
} from './savedViews';

/** What a {@link SavedViewsDialog} shows and keeps. */
export interface SavedViewsDialogProps {
  open: boolean;
  onClose: () => void;
  saved: SavedViews;
  /** What is shown now, to be saved under a name. */
  shown: Omit<SavedView, 'id' | 'name'>;
  onChange: (saved: SavedViews) => void;
}

/** Saves what is shown under a name; renames and deletes views, and says with which one the list opens. */
export function SavedViewsDialog(props: SavedViewsDialogProps) {
  const { open, onClose, saved, shown, onChange } = props;
  const [name, setName] = useState('');
  const titleId = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (open) {
      setName('');
    }
  }, [open]);
  const trimmed = name.trim();
  const known = saved.views.some(view => view.name === trimmed);
  const full = !known && saved.views.length >= MOST_VIEWS;
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (trimmed !== '' && !full) {
      onChange(saveView(saved, { name: trimmed, ...shown }, newKey()));
      onClose();
    }
  };
  let help = 'Search, filters, order, columns and density';
  if (known) {
    help = 'Replaces the view of that name';
  } else if (full) {
    help = `There are ${MOST_VIEWS} views: delete one first`;
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      aria-labelledby={titleId}
      TransitionProps={{ onEntered: () => input.current?.focus() }}
      fullWidth
      maxWidth="sm"
    >
      <DialogTitle id={titleId}>Save this view</DialogTitle>
      <DialogContent>
        <Box
          component="form"
          onSubmit={save}
          sx={{
            display: 'flex',
            flexWrap: 'wrap',
            alignItems: 'flex-start',
            gap: 1,
            pt: 1,
          }}
        >
          <TextField
            inputRef={input}
            label="Name"
            size="small"
            value={name}
            onChange={event => setName(event.target.value)}
            inputProps={{ maxLength: LONGEST_NAME }}
            helperText={help}
            sx={{ flex: '1 1 220px' }}
          />
          <Button
            type="submit"
            variant="contained"
            disabled={trimmed === '' || full}
            sx={{ textTransform: 'none' }}
          >
            Save
          </Button>
        </Box>
        {saved.views.length > 0 && (
          <Existing saved={saved} onChange={onChange} />
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose} sx={{ textTransform: 'none' }}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Existing(props: Pick<SavedViewsDialogProps, 'saved' | 'onChange'>) {
  const { saved, onChange } = props;
  const id = useId();
  return (
    <Box sx={{ mt: 2, fontFamily: theme => theme.typography.fontFamily }}>
      <Box
        id={id}
        component="h3"
        sx={{ m: 0, font: 'inherit', fontSize: 14, fontWeight: 700 }}
      >
        The list opens with
      </Box>
      <RadioGroup
        aria-labelledby={id}
        value={saved.start ?? ''}
        onChange={(_, start) => onChange({ ...saved, start: start || null })}
      >
        <Choice value="" label="All models" />
        {saved.views.map(view => (
          <Box
            key={view.id}
            sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center' }}
          >
            <Choice value={view.id} label={view.name} />
            <Rename
              view={view}
              taken={saved.views.map(({ name }) => name)}
              onRename={name =>
                onChange({
                  ...saved,
                  views: saved.views.map(each =>
                    each.id === view.id ? { ...each, name } : each,
                  ),
                })
              }
            />
            <Button
              size="small"
              color="inherit"
              aria-label={`Delete ${view.name}`}
              onClick={() =>
                onChange({
                  views: saved.views.filter(({ id: each }) => each !== view.id),
                  start: saved.start === view.id ? null : saved.start,
                })
              }
              sx={{ textTransform: 'none' }}
            >
              Delete
            </Button>
          </Box>
        ))}
      </RadioGroup>
      <Sub>
        Whoever you send a view’s address sees the same models, in their own
        columns.
      </Sub>
    </Box>
  );
}

function Choice(props: { value: string; label: string }) {
  return (
    <FormControlLabel
      {...props}
      control={<Radio size="small" />}
      componentsProps={{ typography: { fontSize: 14 } }}
      sx={{ flex: '1 1 auto', overflowWrap: 'anywhere', minWidth: 0 }}
    />
  );
}

/** Whoever asked for a field writes into it. */
function focusOnce(input: HTMLInputElement | null) {
  input?.focus();
}

function Rename(props: {
  view: SavedView;
  taken: string[];
  onRename: (name: string) => void;
}) {
  const { view, taken, onRename } = props;
  const [name, setName] = useState<string>();
  if (name === undefined) {
    return (
      <Button
        size="small"
        color="inherit"
        aria-label={`Rename ${view.name}`}
        onClick={() => setName(view.name)}
        sx={{ textTransform: 'none' }}
      >
        Rename
      </Button>
    );
  }
  const trimmed = name.trim();
  const clashes = trimmed !== view.name && taken.includes(trimmed);
  const rename = (event: FormEvent) => {
    event.preventDefault();
    if (trimmed !== '' && !clashes) {
      onRename(trimmed);
      setName(undefined);
    }
  };
  return (
    <Box
      component="form"
      onSubmit={rename}
      sx={{ display: 'flex', gap: 1, alignItems: 'center' }}
    >
      <TextField
        inputRef={focusOnce}
        size="small"
        value={name}
        onChange={event => setName(event.target.value)}
        error={clashes}
        inputProps={{
          'aria-label': `New name of ${view.name}`,
          maxLength: LONGEST_NAME,
        }}
        sx={{ '& input': { fontSize: 14, py: '5px' } }}
      />
      <Button type="submit" size="small" sx={{ textTransform: 'none' }}>
        Rename
      </Button>
    </Box>
  );
}
