import Box from '@mui/material/Box';
import type { GateVerdict } from '@slipway/backstage-plugin-model-delivery-common';
import { StateLabel } from '../components';

/** Whether the gates would let a version through, and those that would not. */
export function GatesInShort(props: { verdicts: GateVerdict[] }) {
  const { verdicts } = props;
  const blocking = verdicts.filter(
    ({ verdict, blocking: blocks }) =>
      blocks && ['failed', 'no-evidence', 'error'].includes(verdict),
  );
  if (blocking.length === 0) {
    return (
      <StateLabel verdict="passed">
        {verdicts.length === 1
          ? 'The one gate lets it through'
          : `All ${verdicts.length} gates let it through`}
      </StateLabel>
    );
  }
  return (
    <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
      {blocking.map(({ gate, title, verdict }) => (
        <li key={gate}>
          <StateLabel verdict={verdict} /> {title}
        </li>
      ))}
    </Box>
  );
}
