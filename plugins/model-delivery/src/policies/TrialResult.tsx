import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import type {
  PolicyTrial,
  PolicyTrialChange,
  Verdict,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  PersonName,
  ScrollRegion,
  StateLabel,
  Sub,
  tableSx,
  Time,
} from '../components';
import { buttonSx } from '../promotions/buttonSx';
import { promotionRouteRef } from '../routes';

/** Which past promotions a draft would have judged otherwise, newest first, as far as was looked. */
export function TrialResult(props: {
  pages: PolicyTrial[];
  isLoading: boolean;
  onMore: (cursor: string) => void;
}) {
  const { pages, isLoading, onMore } = props;
  const items = pages.flatMap(page => page.items);
  const examined = pages.reduce((sum, page) => sum + page.examined, 0);
  const { nextCursor } = pages[pages.length - 1];
  return (
    <>
      <Box role="status" sx={{ mb: 1 }}>
        {summary(items.length, examined)}
        {examined > 0 && !nextCursor && ' These are all.'}
      </Box>
      {items.length > 0 && (
        <ScrollRegion label="Promotions with other verdicts">
          <Box component="table" sx={{ ...tableSx, minWidth: 720 }}>
            <thead>
              <tr>
                <th scope="col">Promotion</th>
                <th scope="col">Altogether</th>
                <th scope="col">Gates with another verdict</th>
              </tr>
            </thead>
            <tbody>
              {items.map(item => (
                <TrialRow key={item.promotionId} item={item} />
              ))}
            </tbody>
          </Box>
        </ScrollRegion>
      )}
      {nextCursor && (
        <Button
          sx={buttonSx}
          size="small"
          disabled={isLoading}
          onClick={() => onMore(nextCursor)}
        >
          {isLoading ? 'Looking…' : 'Look at earlier promotions'}
        </Button>
      )}
    </>
  );
}

function summary(changed: number, examined: number): string {
  if (examined === 0) {
    return 'There is no past promotion of such models that you may see, so nothing could be compared.';
  }
  const looked =
    examined === 1 ? 'the last promotion' : `the last ${examined} promotions`;
  return changed === 0
    ? `Every verdict on ${looked} of such models would have been the same.`
    : `${changed} of ${looked} of such models would have had another verdict.`;
}

function TrialRow(props: { item: PolicyTrialChange }) {
  const { item } = props;
  const promotionPath = useRouteRef(promotionRouteRef);
  return (
    <tr>
      <th scope="row">
        <Link to={promotionPath({ id: item.promotionId })}>
          {item.version} to {item.environment}
        </Link>
        <Sub>
          <PersonName principal={item.model} />,{' '}
          <Time at={item.requestedAt} as="date" />
        </Sub>
        <StateLabel promotion={item.state} />
      </th>
      <td>
        <Altogether item={item} />
      </td>
      <td>
        {item.gates.map(gate => (
          <Box key={gate.gate} sx={{ mb: 0.5 }}>
            <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: '2px 8px' }}>
              <span>{gate.title}:</span>
              <GateVerdict verdict={gate.before} />
              <span aria-label="becomes">→</span>
              <GateVerdict verdict={gate.after} />
            </Box>
            {gate.explanation && <Sub>{gate.explanation}</Sub>}
          </Box>
        ))}
      </td>
    </tr>
  );
}

const outcomes = {
  'let-through': { verdict: 'passed', word: 'Let through' },
  blocked: { verdict: 'failed', word: 'Blocked' },
} as const;

function Altogether(props: { item: PolicyTrialChange }) {
  const { before, after, environment } = props.item;
  const was = (
    <StateLabel verdict={outcomes[before].verdict}>
      {outcomes[before].word}
    </StateLabel>
  );
  if (after === 'no-such-environment') {
    return (
      <>
        {was}
        <Sub>The draft has no environment {environment}</Sub>
      </>
    );
  }
  return before === after ? (
    <>
      {was}
      <Sub>as before</Sub>
    </>
  ) : (
    <>
      <StateLabel verdict={outcomes[after].verdict}>
        {outcomes[after].word}
      </StateLabel>
      <Sub>before: {outcomes[before].word.toLowerCase()}</Sub>
    </>
  );
}

function GateVerdict(props: { verdict: Verdict | null }) {
  return props.verdict ? (
    <StateLabel verdict={props.verdict} />
  ) : (
    <Sub sx={{ lineHeight: '18px' }}>not asked</Sub>
  );
}
