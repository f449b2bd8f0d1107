import { useState } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import {
  dataOf,
  GateVerdict,
  Promotion,
  Verdict,
} from '@slipway/backstage-plugin-model-delivery-common';
import { useLive } from '../api';
import { formatNumber } from '../charts';
import {
  Card,
  Code,
  formatCoarse,
  PageState,
  ScrollRegion,
  StateLabel,
  Sub,
  tableSx,
  Time,
} from '../components';
import { buttonSx } from '../promotions/buttonSx';

const ATTENTION: Verdict[] = [
  'failed',
  'error',
  'no-evidence',
  'warned',
  'waived',
  'passed',
];

const LETS_THROUGH: Verdict[] = ['passed', 'warned', 'waived'];

/** The gates of all that one decision covers: of a promotion, or of each member of its bundle that moves traffic. */
export function AllEvidence({ promotion }: { promotion: Promotion }) {
  const { together } = promotion;
  if (!together) {
    return <EvidenceCard id={promotion.id} />;
  }
  return (
    <>
      {together.members.map(
        member =>
          member.promotion && (
            <EvidenceCard
              key={member.model}
              id={member.promotion.id}
              of={`${member.modelTitle} ${member.version}`}
            />
          ),
      )}
    </>
  );
}

/** The gates of a promotion with the inputs of each: how much, from where, how old. */
function EvidenceCard(props: {
  id: string;
  /** What is promoted, where there is more than one. */
  of?: string;
}) {
  const { id, of } = props;
  const gates = useLive(
    `approval/${id}/gates`,
    ({ client, signal }) =>
      client
        .GET('/promotions/{id}/gates', { params: { path: { id } }, signal })
        .then(result => dataOf(result).items),
    {
      concerns: signal => signal.type === 'promotion' && signal.id === id,
      pollSeconds: 30,
    },
  );
  const total = gates.data?.length ?? 0;
  const through = (gates.data ?? []).filter(({ verdict }) =>
    LETS_THROUGH.includes(verdict),
  ).length;
  const title = of
    ? `Gates of ${of} and the age of their evidence`
    : 'Gates and the age of their evidence';
  return (
    <Card
      title={title}
      state={
        total > 0 && (
          <StateLabel verdict={through === total ? 'passed' : 'failed'}>
            {through} of {total} let through
          </StateLabel>
        )
      }
    >
      <PageState
        state={gates}
        what="the gates"
        isEmpty={items => items.length === 0}
        empty={{
          title: 'No gate evaluated',
          text: 'The policy names no gate for this environment, or the evaluation has not run yet.',
        }}
      >
        {items => <Evidence items={items} label={title} />}
      </PageState>
    </Card>
  );
}

function Evidence(props: { items: GateVerdict[]; label: string }) {
  const { items, label } = props;
  const [isWhole, setIsWhole] = useState(false);
  const passed = items.filter(gate => gate.verdict === 'passed');
  // Good is quiet: what simply passed is one line until one asks for it.
  const shown = ATTENTION.flatMap(verdict =>
    items.filter(
      gate =>
        gate.verdict === verdict && (isWhole || gate.verdict !== 'passed'),
    ),
  );
  return (
    <>
      {shown.length > 0 && <EvidenceTable items={shown} label={label} />}
      {passed.length > 0 && !isWhole && (
        <Box
          sx={{
            display: 'flex',
            flexWrap: 'wrap',
            alignItems: 'center',
            gap: '4px 12px',
          }}
        >
          <StateLabel verdict="passed">{passed.length} passed</StateLabel>
          <OldestEvidence gates={passed} />
          <Button
            sx={buttonSx}
            size="small"
            aria-expanded={false}
            onClick={() => setIsWhole(true)}
          >
            Show {passed.length === 1 ? 'it' : `all ${passed.length}`} with
            their evidence
          </Button>
        </Box>
      )}
    </>
  );
}

/** The age of the oldest evidence, against the age that its gate accepts. */
function OldestEvidence(props: { gates: GateVerdict[] }) {
  const measured = props.gates
    .flatMap(gate => gate.inputs)
    .filter(input => input.measuredAt !== null)
    .sort((a, b) => (a.measuredAt! < b.measuredAt! ? -1 : 1));
  const [oldest] = measured;
  return oldest?.measuredAt ? (
    <span>
      on {measured.length} {measured.length === 1 ? 'fact' : 'facts'}, the
      oldest <Time at={oldest.measuredAt} as="since" /> old
      {oldest.maxAgeSeconds !== null &&
        ` of at most ${formatCoarse(oldest.maxAgeSeconds)}`}
    </span>
  ) : null;
}

function EvidenceTable(props: { items: GateVerdict[]; label: string }) {
  return (
    <ScrollRegion label={`Table: ${props.label}`}>
      <Box component="table" sx={{ ...tableSx, minWidth: 560 }}>
        <thead>
          <tr>
            <th scope="col">Verdict</th>
            <th scope="col">Gate</th>
            <th scope="col">Evidence</th>
            <th scope="col" className="num">
              Age
            </th>
          </tr>
        </thead>
        <tbody>
          {props.items.map(gate => (
            <tr key={gate.gate}>
              <td>
                <StateLabel verdict={gate.verdict} />
              </td>
              <th scope="row">
                {gate.title}
                <Sub>{gate.explanation}</Sub>
              </th>
              <td>
                {gate.inputs.map(input => (
                  <Box key={input.fact} sx={{ minHeight: 36 }}>
                    <Code>{input.fact}</Code>{' '}
                    {input.value === null ? (
                      <Box component="span" sx={{ color: 'text.secondary' }}>
                        No data
                      </Box>
                    ) : (
                      formatNumber(input.value)
                    )}
                    <Sub>{input.source ?? 'not reported'}</Sub>
                  </Box>
                ))}
              </td>
              <td className="num">
                {gate.inputs.map(input => (
                  <Box key={input.fact} sx={{ minHeight: 36 }}>
                    {input.measuredAt ? (
                      <Time at={input.measuredAt} as="since" />
                    ) : (
                      'None'
                    )}
                    <Sub>
                      {input.maxAgeSeconds === null
                        ? 'any age'
                        : `at most ${formatCoarse(input.maxAgeSeconds)}`}
                    </Sub>
                  </Box>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </Box>
    </ScrollRegion>
  );
}
