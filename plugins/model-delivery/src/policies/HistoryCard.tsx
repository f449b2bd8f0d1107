import { useId } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type {
  Policy,
  PolicyHistoryEntry,
} from '@slipway/backstage-plugin-model-delivery-common';
import type { Loadable } from '../components';
import {
  Card,
  Code,
  Digest,
  PageState,
  ScrollRegion,
  StateLabel,
  tableSx,
  Time,
} from '../components';
import { buttonSx } from '../promotions/buttonSx';
import type { ChosenPolicy, PoliciesQuery } from './policiesQuery';

type Compare = PoliciesQuery['compare'];

/** What {@link HistoryCard} needs of a list by pages. */
interface History extends Loadable<PolicyHistoryEntry[]> {
  hasMore: boolean;
  loadingMore: boolean;
  loadMore: () => void;
}

/** What was in force for the chosen models and since when, newest first, each with the way to what it changed. */
export function HistoryCard(props: {
  history: History;
  chosen: ChosenPolicy;
  policies: Policy[];
  shown: Compare;
  onCompare: (compare: Compare) => void;
}) {
  const { history, chosen, policies, shown, onCompare } = props;
  const { policy, risk, teamSize } = chosen;
  return (
    <Card
      title={`History: ${risk} risk, ${teamSize} teams`}
      footer={
        <>
          <CompareWith
            policy={policy}
            policies={policies}
            onCompare={onCompare}
          />
          {history.hasMore && (
            <Button
              sx={buttonSx}
              size="small"
              onClick={history.loadMore}
              disabled={history.loadingMore}
            >
              {history.loadingMore ? 'Loading…' : 'Show earlier ones'}
            </Button>
          )}
        </>
      }
    >
      <PageState
        state={history}
        what="the history"
        isEmpty={items => items.length === 0}
        empty={{
          title: 'No history yet',
          text: 'Each policy that comes into force for these models is written down here.',
        }}
      >
        {items => (
          <ScrollRegion label="Policies in force over time">
            <Box component="table" sx={{ ...tableSx, minWidth: 560 }}>
              <thead>
                <tr>
                  <th scope="col">In force since</th>
                  <th scope="col">Policy</th>
                  <th scope="col">From</th>
                  <th scope="col">Against the one before</th>
                </tr>
              </thead>
              <tbody>
                {items.map(entry => (
                  <Entry
                    key={entry.id}
                    entry={entry}
                    isNow={entry === items[0]}
                    shown={shown}
                    onCompare={onCompare}
                  />
                ))}
              </tbody>
            </Box>
          </ScrollRegion>
        )}
      </PageState>
    </Card>
  );
}

function Entry(props: {
  entry: PolicyHistoryEntry;
  isNow: boolean;
  shown: Compare;
  onCompare: (compare: Compare) => void;
}) {
  const { entry, isNow, shown, onCompare } = props;
  const { replacedDigest: before, digest: after } = entry;
  return (
    <tr>
      <th scope="row">
        <Time at={entry.at} as="datetime" />
      </th>
      <td>
        {entry.name} <Digest value={after} of="digest of the policy" />
        {isNow && <StateLabel verdict="passed">In force</StateLabel>}
      </td>
      <td>
        <Code>{entry.source}</Code>
      </td>
      <td>
        {before ? (
          <Button
            sx={{ ...buttonSx, py: 0, minWidth: 0 }}
            size="small"
            aria-pressed={shown?.before === before && shown.after === after}
            onClick={() => onCompare({ before, after })}
          >
            What changed
          </Button>
        ) : (
          'The first one'
        )}
      </td>
    </tr>
  );
}

/** Another policy in force to compare the chosen one with. */
function CompareWith(props: {
  policy: Policy;
  policies: Policy[];
  onCompare: (compare: Compare) => void;
}) {
  const { policy, policies, onCompare } = props;
  const id = useId();
  const others = policies.filter(each => each.digest !== policy.digest);
  return (
    <Box
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: 1,
        '& select': {
          height: 32,
          px: 1,
          border: 1,
          borderColor: 'text.disabled',
          borderRadius: '4px',
          bgcolor: 'background.paper',
          color: 'text.primary',
          font: 'inherit',
        },
      }}
    >
      <label htmlFor={id}>Compare {policy.name} with</label>
      <select
        id={id}
        value=""
        onChange={event =>
          onCompare({ before: event.target.value, after: policy.digest })
        }
      >
        <option value="" disabled>
          Another policy in force…
        </option>
        {others.map(each => (
          <option key={each.digest} value={each.digest}>
            {each.name}
          </option>
        ))}
      </select>
    </Box>
  );
}
