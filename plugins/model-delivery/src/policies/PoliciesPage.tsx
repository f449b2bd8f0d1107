import Box from '@mui/material/Box';
import { useSearchParams } from 'react-router-dom';
import {
  dataOf,
  PolicyStatus,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useLive } from '../api';
import { Code, PageFrame, PageState, Time } from '../components';
import { Notice } from '../promotions/Notice';
import { ChosenPolicyCards } from './ChosenPolicyCards';
import {
  choosePolicy,
  PoliciesQuery,
  readPoliciesQuery,
  writePoliciesQuery,
} from './policiesQuery';
import { GateKindsCard } from './GateKindsCard';
import { PolicyMatrix } from './PolicyMatrix';
import { TryDraftCard } from './TryDraftCard';

const stackSx = {
  display: 'grid',
  gap: 2.5,
  gridTemplateColumns: 'minmax(0, 1fr)',
} as const;

/** Which policy is in force for which models, what each asks for, what changed when, and what a draft would change. */
export function PoliciesPage() {
  const [params, setParams] = useSearchParams();
  const query = readPoliciesQuery(params);
  const live = useLive(
    'policies',
    ({ client, signal }) => client.GET('/policies', { signal }).then(dataOf),
    { pollSeconds: 30, concerns: () => false },
  );
  const change = (next: PoliciesQuery) => setParams(writePoliciesQuery(next));
  const status = live.data?.status;

  return (
    <PageFrame
      title="Policies"
      metadata={
        status && [
          { label: 'Own policies from', value: sourceText(status) },
          { label: 'Read', value: <Time at={status.checkedAt} /> },
        ]
      }
    >
      <PageState
        state={live}
        what="the policies"
        lines={8}
        isEmpty={({ items }) => items.length === 0}
        empty={{
          title: 'No policy is in force',
          text: 'Policies are read from files as the portal starts; its log says what is wrong with them.',
        }}
      >
        {({ items, status: read, viewer }) => {
          const chosen = choosePolicy(items, query);
          return (
            <Box sx={stackSx}>
              <Problems status={read} />
              <PolicyMatrix
                policies={items}
                chosen={chosen}
                onChoose={(risk, teamSize) => change({ risk, teamSize })}
              />
              {chosen && (
                <ChosenPolicyCards
                  key={`${chosen.risk} ${chosen.teamSize}`}
                  chosen={chosen}
                  policies={items}
                  compare={query.compare}
                  onCompare={compare =>
                    change({
                      risk: chosen.risk,
                      teamSize: chosen.teamSize,
                      compare,
                    })
                  }
                />
              )}
              {chosen && viewer.mayTry && (
                <TryDraftCard policy={chosen.policy} />
              )}
              <GateKindsCard />
            </Box>
          );
        }}
      </PageState>
    </PageFrame>
  );
}

function sourceText(status: PolicyStatus) {
  return status.source === 'built-in' ? (
    'none; the built-in ones are in force'
  ) : (
    <Code>{status.source}</Code>
  );
}

/** What keeps the files that are there now from coming into force. */
function Problems(props: { status: PolicyStatus }) {
  const { problems, source } = props.status;
  return problems.length === 0 ? null : (
    <Notice tone="failed" alert>
      <b>
        What is in {source} now is not in force. The policies below are the last
        good ones.
      </b>
      <Box
        component="ul"
        sx={{ m: '4px 0 0', pl: 2.25, overflowWrap: 'anywhere' }}
      >
        {problems.map(({ file, path, message }) => (
          <li key={`${file} ${path} ${message}`}>
            {(file || path) && (
              <>
                <Code>{[file, path].filter(Boolean).join(': ')}</Code>{' '}
              </>
            )}
            {message}
          </li>
        ))}
      </Box>
    </Notice>
  );
}
