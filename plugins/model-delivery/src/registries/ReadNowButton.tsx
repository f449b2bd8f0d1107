import Button from '@mui/material/Button';
import { dataOf } from '@slipway/backstage-plugin-model-delivery-common';
import type { RegistryHealth } from '@slipway/backstage-plugin-model-delivery-common';
import { useModelDelivery } from '../api';
import { ErrorNote, icons, useSendOnce } from '../components';

/** Has a registry read at once. */
export function ReadNowButton(props: {
  registry: RegistryHealth;
  onRefreshed: () => void;
}) {
  const { registry, onRefreshed } = props;
  const { type, id, reading } = registry;
  const client = useModelDelivery();
  const { onSubmit, sending, error } = useSendOnce(async () => {
    await client
      .POST('/registries/{type}/{id}/refreshes', {
        params: { path: { type, id } },
      })
      .then(dataOf);
    onRefreshed();
  });
  return (
    <form onSubmit={onSubmit}>
      <Button
        type="submit"
        size="small"
        variant="outlined"
        startIcon={<icons.RefreshIcon />}
        disabled={sending || reading}
        sx={{ textTransform: 'none' }}
      >
        {reading ? 'Being read' : 'Read now'}
      </Button>
      {error !== undefined && (
        <ErrorNote title="It was not read" error={error} />
      )}
    </form>
  );
}
