import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import {
  dataOf,
  PolicyChange,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useLive } from '../api';
import {
  Card,
  Digest,
  icons,
  PageState,
  ScrollRegion,
  StateLabel,
  Sub,
  tableSx,
} from '../components';
import { buttonSx } from '../promotions/buttonSx';
import { byEnvironment, changesText, effects } from './changeWords';
import type { PoliciesQuery } from './policiesQuery';

type Compare = NonNullable<PoliciesQuery['compare']>;

/** What differs between two policies, in words, and whether the newer one is stricter there. */
export function CompareCard(props: {
  compare: Compare;
  onCompare: (compare: Compare | undefined) => void;
}) {
  const { compare, onCompare } = props;
  const live = useLive(
    `policies/compare/${compare.before}/${compare.after}`,
    ({ client, signal }) =>
      client
        .GET('/policies/compare', { params: { query: compare }, signal })
        .then(dataOf),
    // Both are known by their content: what differs never changes.
    { pollSeconds: 3600, concerns: () => false },
  );
  return (
    <Card
      title="What differs"
      aside={
        <Button
          sx={buttonSx}
          size="small"
          startIcon={<icons.CloseIcon />}
          onClick={() => onCompare(undefined)}
        >
          Close the comparison
        </Button>
      }
    >
      <PageState state={live} what="the comparison">
        {({ before, after, changes }) => (
          <>
            <Box sx={{ mb: 1 }}>
              From <Named policy={before} /> to <Named policy={after} />:{' '}
              <b>{changesText(changes)}</b>
            </Box>
            {changes.length > 0 && <ChangesTable changes={changes} />}
          </>
        )}
      </PageState>
    </Card>
  );
}

function Named(props: { policy: { name: string; digest: string } }) {
  const { name, digest } = props.policy;
  return (
    <>
      <b>{name}</b> <Digest value={digest} of={`digest of ${name}`} noCopy />
    </>
  );
}

function ChangesTable(props: { changes: PolicyChange[] }) {
  return (
    <ScrollRegion label="Differences between the policies">
      <Box
        component="table"
        sx={{
          ...tableSx,
          minWidth: 720,
          tableLayout: 'fixed',
          '& td, & tbody th': {
            ...tableSx['& td, & tbody th'],
            overflowWrap: 'anywhere',
          },
        }}
      >
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
            <Box component="th" scope="col" sx={{ width: 110 }}>
              Effect
            </Box>
          </tr>
        </thead>
        {byEnvironment(props.changes).map(([environment, changes]) => (
          <tbody key={environment}>
            <tr>
              <Box
                component="th"
                scope="rowgroup"
                colSpan={4}
                sx={{ pt: '14px !important' }}
              >
                {environment}
              </Box>
            </tr>
            {changes.map(change => (
              <tr key={change.subject}>
                <Box
                  component="th"
                  scope="row"
                  sx={{ fontWeight: '400 !important' }}
                >
                  {change.subject}
                </Box>
                <td>{change.before ?? <Sub>Not asked</Sub>}</td>
                <td>{change.after ?? <Sub>Not asked</Sub>}</td>
                <td>
                  <StateLabel appearance={effects[change.effect]} />
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </Box>
    </ScrollRegion>
  );
}
