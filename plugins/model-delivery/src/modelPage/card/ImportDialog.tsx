import { ChangeEvent, useId, useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import {
  CardFormat,
  CardImport,
  CardTextStatus,
  dataOf,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../../api';
import { ErrorNote, Sub, useSendOnce } from '../../components';
import { useModelName } from '../useModelDetail';
import { CardSections } from './CardSections';
import { formatOfFile, toContent } from './importedFile';

/** Reads a card from a file, shows what it says, and keeps its words if that is wanted. */
export function ImportDialog(props: {
  version?: string;
  text: CardTextStatus;
  onClose: () => void;
  onImported: () => void;
}) {
  const { version, text, onClose, onImported } = props;
  const { namespace, name } = useModelName();
  const client = useModelDelivery();
  const titleId = useId();
  const [file, setFile] = useState<{ format: CardFormat; content: string }>();
  const [found, setFound] = useState<CardImport>();
  const [fault, setFault] = useState<unknown>();
  const canKeep =
    version !== undefined &&
    (text.state === 'none' || text.state === 'imported');

  const send = async (
    chosen: NonNullable<typeof file>,
    dryRun: boolean,
  ): Promise<CardImport> =>
    dataOf(
      await client.POST('/models/{namespace}/{name}/card/import', {
        params: { path: { namespace, name } },
        body: { ...chosen, version, dryRun },
      }),
    );
  const onChoose = async (event: ChangeEvent<HTMLInputElement>) => {
    const [chosen] = event.target.files ?? [];
    setFound(undefined);
    setFault(undefined);
    if (!chosen) {
      return;
    }
    try {
      const format = formatOfFile(chosen.name);
      const next = { format, content: await toContent(chosen, format) };
      setFile(next);
      setFound(await send(next, true));
    } catch (caught) {
      setFault(caught);
    }
  };
  const { onSubmit, sending, error } = useSendOnce(async () => {
    await send(file!, false);
    onImported();
    onClose();
  });
  return (
    <Dialog
      open
      onClose={sending ? undefined : onClose}
      aria-labelledby={titleId}
      fullWidth
      maxWidth="md"
    >
      <DialogTitle id={titleId}>Import a model card</DialogTitle>
      <form onSubmit={onSubmit}>
        <DialogContent sx={{ pt: 0, fontSize: 13 }}>
          <Box component="label" sx={{ display: 'block', mb: 1 }}>
            <Box component="span" sx={{ display: 'block', mb: 0.5 }}>
              A CycloneDX document (.json), a Hugging Face card (.md), or a PDF
              that Slipway exported
            </Box>
            <input type="file" accept=".json,.md,.pdf" onChange={onChoose} />
          </Box>
          {!canKeep && (
            <Sub>
              {version === undefined
                ? 'Without a version there is no card to complete: the file is only shown.'
                : `The text of this card is ${
                    text.location ?? 'in the repository'
                  }: the file is only shown. Change the text there.`}
            </Sub>
          )}
          {found && (
            <Box aria-live="polite">
              <p>
                {found.exact
                  ? 'This is a card as Slipway exports it.'
                  : 'This is what the file says.'}
              </p>
              <ul>
                {found.notes.map(note => (
                  <li key={note}>{note}</li>
                ))}
              </ul>
              <CardSections card={found.card} />
            </Box>
          )}
          {(fault ?? error) !== undefined && (
            <ErrorNote
              title="The card was not imported"
              error={fault ?? error}
            />
          )}
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose} disabled={sending}>
            Close
          </Button>
          <Button
            type="submit"
            variant="contained"
            disabled={!found || !canKeep || sending}
          >
            Complete the card of {version ?? 'this model'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
