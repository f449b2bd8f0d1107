import Box from '@mui/material/Box';
import type { FaultConsequence } from '@slipway/backstage-plugin-model-delivery-common';
import { Code } from '../../components';
import { PolicyLink } from '../../policies/PolicyLink';
import { consequenceWords } from './faultWords';

/** What each policy does, or did, with what a faulty data set affects, and by which of its fields. */
export function FaultConsequences(props: {
  consequences: FaultConsequence[];
  did?: boolean;
}) {
  const { consequences, did } = props;
  return (
    <Box
      component="ul"
      // Links within sentences, which colour alone does not tell
      sx={{ m: '4px 0 0', pl: 2.5, '& a': { textDecoration: 'underline' } }}
    >
      {consequences.map(each => (
        <li key={each.policy.digest}>
          <PolicyLink to={{ policy: each.policy.digest }}>
            {each.title}
          </PolicyLink>{' '}
          {consequenceWords(each, did)}, by{' '}
          <Code>faultyData: {each.faultyData}</Code>
        </li>
      ))}
    </Box>
  );
}
