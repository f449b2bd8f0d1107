import Box from '@mui/material/Box';
import { useLive } from '../api/useLive';
import { useModelDelivery } from '../api/modelDeliveryApi';
import { ApprovalIcon } from '../components/icons';

/** The last count, since a sidebar may draw its icons anew at each navigation. */
const lastCounts = new WeakMap<object, number>();

/** The icon of the approvals inbox, with how many wait for whoever looks. Without rights or an answer, the icon alone. */
export function ApprovalsNavIcon() {
  const api = useModelDelivery();
  const { data } = useLive(
    'approvals/count',
    async ({ client, signal }) => {
      const page = await client.GET('/approvals', {
        params: { query: { section: 'waiting', limit: 1 } },
        signal,
      });
      const counts = page.data?.counts;
      const count = counts ? counts.waiting + counts.reviews : 0;
      lastCounts.set(api, count);
      return count;
    },
    { pollSeconds: 60, concerns: signal => signal.type === 'promotion' },
  );
  const waiting = data ?? lastCounts.get(api) ?? 0;
  return (
    <Box component="span" sx={{ position: 'relative', display: 'inline-flex' }}>
      <ApprovalIcon />
      {waiting > 0 && (
        <Box
          component="span"
          title={waiting === 1 ? '1 waits for you' : `${waiting} wait for you`}
          sx={{
            position: 'absolute',
            top: -8,
            left: 10,
            px: '4px',
            borderRadius: '8px',
            bgcolor: '#9bf0e1',
            color: '#171717',
            fontSize: 11,
            lineHeight: '16px',
            minWidth: 16,
            textAlign: 'center',
            // Drawn, not written: the sidebar names its links itself, and what they contain has to be part of that name
            '&::after': { content: `"${waiting > 99 ? '99+' : waiting}"` },
          }}
        />
      )}
    </Box>
  );
}
