import { lazy, Suspense, useState } from 'react';
import Button from '@mui/material/Button';
import type { ModelDetail } from '@slipway/backstage-plugin-model-delivery-common';
import { icons } from '../components';
import { useStopButtonSx } from '../promotions/buttonSx';

const BreakGlassDialog = lazy(() =>
  import('./BreakGlassDialog').then(m => ({ default: m.BreakGlassDialog })),
);

/** Opens the dialog in which one breaks the glass; nothing for whoever may do so nowhere. */
export function BreakGlassButton(props: { model: ModelDetail }) {
  const { model } = props;
  const [open, setOpen] = useState(false);
  const stopSx = useStopButtonSx();
  if (model.viewer.mayBreakGlassIn.length === 0) {
    return null;
  }
  return (
    <>
      <Button
        variant="outlined"
        size="small"
        startIcon={<icons.WarnedIcon />}
        onClick={() => setOpen(true)}
        sx={[stopSx, { fontFamily: theme => theme.typography.fontFamily }]}
      >
        Emergency (break-glass)…
      </Button>
      {open && (
        <Suspense fallback={null}>
          <BreakGlassDialog model={model} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
