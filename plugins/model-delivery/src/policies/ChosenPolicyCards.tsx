import Box from '@mui/material/Box';
import { Link } from '@backstage/core-components';
import {
  dataOf,
  Policy,
  PolicyHistoryEntry,
} from '@slipway/backstage-plugin-model-delivery-common';
import { usePages } from '../api';
import { Card, Code, Digest, Facts, RiskBars, Time } from '../components';
import { Notice } from '../promotions/Notice';
import { CompareCard } from './CompareCard';
import { EnvironmentsTable } from './EnvironmentsTable';
import { HistoryCard } from './HistoryCard';
import {
  ChosenPolicy,
  PoliciesQuery,
  writePoliciesQuery,
} from './policiesQuery';
import { teamsText } from './policyText';

/** The chosen policy in full: what it is, what it asks for, what it replaced, and how it differs from another one. */
export function ChosenPolicyCards(props: {
  chosen: ChosenPolicy;
  policies: Policy[];
  compare: PoliciesQuery['compare'];
  onCompare: (compare: PoliciesQuery['compare']) => void;
}) {
  const { chosen, policies, compare, onCompare } = props;
  const { policy, risk, teamSize, past } = chosen;
  const history = usePages(
    `policies/history/${risk}/${teamSize}/${policy.digest}`,
    async ({ client, cursor, signal }) =>
      dataOf(
        await client.GET('/policies/history', {
          params: { query: { risk, teamSize, cursor, limit: 5 } },
          signal,
        }),
      ),
    entry => entry.id,
    { pollSeconds: 60, concerns: () => false },
  );
  const shown =
    compare ?? (past ? { before: past, after: policy.digest } : undefined);
  return (
    <>
      {past && (
        <Notice tone="warned">
          The policy that you followed a link to is not in force any more. This
          is the one in its place, and what differs.
        </Notice>
      )}
      <HistoryCard
        history={history}
        chosen={chosen}
        policies={policies}
        shown={shown}
        onCompare={onCompare}
      />
      {shown && <CompareCard compare={shown} onCompare={onCompare} />}
      <Card
        title={policy.title}
        aside={<Digest value={policy.digest} of="digest of the policy" />}
      >
        <Origin policy={policy} policies={policies} history={history.data} />
        <Box sx={{ mt: 2 }}>
          <EnvironmentsTable policy={policy} />
        </Box>
      </Card>
    </>
  );
}

function Origin(props: {
  policy: Policy;
  policies: Policy[];
  history: PolicyHistoryEntry[] | undefined;
}) {
  const { policy, policies, history } = props;
  const since =
    history?.find(entry => entry.digest === policy.digest)?.at ??
    policy.loadedAt;
  return (
    <Facts
      items={[
        {
          label: 'For',
          value: (
            <>
              <RiskBars risk={policy.risk} /> risk, {teamsText(policy)}
            </>
          ),
        },
        { label: 'Tier', value: policy.tier },
        {
          label: 'Builds on',
          value: policy.extends ? (
            <BuildsOn name={policy.extends} policies={policies} />
          ) : (
            'nothing'
          ),
        },
        {
          label: 'From',
          value: policy.source ? <Code>{policy.source}</Code> : null,
        },
        {
          label: 'In force since',
          value: (
            <>
              <Time at={since} as="datetime" />, <Time at={since} />
            </>
          ),
        },
      ]}
    />
  );
}

/** The name of a policy, which leads to it while it is in force itself. */
function BuildsOn(props: { name: string; policies: Policy[] }) {
  const { name, policies } = props;
  const base = policies.find(
    each =>
      each.name === name ||
      (`built-in/${each.name}` === name &&
        each.source?.startsWith('built-in/')),
  );
  return base ? (
    <Link
      to={`?${writePoliciesQuery({
        risk: base.risk,
        teamSize: base.teamSizes[0],
      })}`}
    >
      {name}
    </Link>
  ) : (
    <Code>{name}</Code>
  );
}
