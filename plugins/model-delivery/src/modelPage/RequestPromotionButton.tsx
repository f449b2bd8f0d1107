import { lazy, Suspense, useState } from 'react';
import Button from '@mui/material/Button';
import type { ModelDetail } from '@slipway/backstage-plugin-model-delivery-common';
import { icons } from '../components';

const BreakGlassDialog = lazy(() =>
  import('../breakGlass/BreakGlassDialog').then(m => ({
    default: m.BreakGlassDialog,
  })),
);
const RequestPromotionDialog = lazy(() =>
  import('./RequestPromotionDialog').then(m => ({
    default: m.RequestPromotionDialog,
  })),
);

/** Opens the dialog in which one asks for a promotion, each time with a key of its own. */
export function RequestPromotionButton(props: {
  model: ModelDetail;
  /** Picked beforehand. */
  version?: string;
}) {
  const { model, version } = props;
  const [open, setOpen] = useState(false);
  // The version for which one chose to break the glass instead
  const [emergency, setEmergency] = useState<string>();
  return (
    <>
      <Button
        variant={version ? 'text' : 'contained'}
        size="small"
        startIcon={version ? undefined : <icons.RightIcon />}
        onClick={() => setOpen(true)}
        aria-label={version ? `Promote ${version}…` : undefined}
        sx={{ textTransform: 'none' }}
      >
        {version ? 'Promote…' : 'Request a promotion…'}
      </Button>
      {open && (
        <Suspense fallback={null}>
          <RequestPromotionDialog
            model={model}
            version={version}
            onClose={() => setOpen(false)}
            onEmergency={chosen => {
              setOpen(false);
              setEmergency(chosen);
            }}
          />
        </Suspense>
      )}
      {emergency !== undefined && (
        <Suspense fallback={null}>
          <BreakGlassDialog
            model={model}
            version={emergency}
            onClose={() => setEmergency(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}
