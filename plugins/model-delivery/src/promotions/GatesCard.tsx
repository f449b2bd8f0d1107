import Box from '@mui/material/Box';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import type {
  GateVerdict,
  Promotion,
  Verdict,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  appearanceOf,
  Card,
  Loadable,
  PageState,
  StateLabel,
  Sub,
  useTones,
} from '../components';
import { restsOnRevoked } from '../revocations/revoked';
import { RevokedMark } from '../revocations/RevokedMark';

const ORDER: Verdict[] = [
  'passed',
  'warned',
  'waived',
  'failed',
  'no-evidence',
  'error',
];
const LETS_THROUGH: Verdict[] = ['passed', 'warned', 'waived'];
/** What needs a person comes first. */
const LISTED: Verdict[] = [
  'failed',
  'error',
  'no-evidence',
  'warned',
  'waived',
];

/** How many gates let the version through, and each one that did not simply pass, with its reason. */
export function GatesCard(props: {
  promotion: Promotion;
  gates: Loadable<GateVerdict[]>;
}) {
  const { promotion, gates } = props;
  const entityPath = useRouteRef(entityRouteRef);
  const tones = useTones();
  const { gateCounts } = promotion;
  const total = ORDER.reduce((sum, verdict) => sum + gateCounts[verdict], 0);
  const through = LETS_THROUGH.reduce(
    (sum, verdict) => sum + gateCounts[verdict],
    0,
  );
  if (total === 0) {
    return (
      <Card title="Gates">
        {promotion.kind === 'rollback'
          ? 'A rollback passes no gate: its version was let through before.'
          : 'Not evaluated yet.'}
      </Card>
    );
  }
  const present = ORDER.filter(verdict => gateCounts[verdict] > 0);
  const path = entityPath(parseEntityRef(promotion.model));

  return (
    <Card
      title="Gates"
      state={
        <StateLabel verdict={through === total ? 'passed' : 'failed'}>
          {through} of {total} let through
        </StateLabel>
      }
      footer={
        <Link to={`${path}/gates?environment=${promotion.environment}`}>
          Open the matrix
        </Link>
      }
    >
      <Box
        role="img"
        aria-label={present
          .map(
            verdict =>
              `${gateCounts[verdict]} ${appearanceOf({
                verdict,
              }).label.toLowerCase()}`,
          )
          .join(', ')}
        sx={{ display: 'flex', gap: '2px', height: 8, mb: 1 }}
      >
        {present.map(verdict => (
          <Box
            key={verdict}
            sx={{
              flex: gateCounts[verdict],
              borderRadius: '2px',
              bgcolor: tones[appearanceOf({ verdict }).tone].mark,
            }}
          />
        ))}
      </Box>
      {gateCounts.passed > 0 && (
        <Box sx={{ display: 'flex', py: 0.5 }}>
          <StateLabel verdict="passed" />
          <Box component="b" sx={{ ml: 'auto' }}>
            {gateCounts.passed}
          </Box>
        </Box>
      )}
      {through + gateCounts.failed > gateCounts.passed ||
      through < total ||
      gates.data?.some(restsOnRevoked) ? (
        <PageState state={gates} what="the gates" lines={2}>
          {items => <NotPassed items={items} />}
        </PageState>
      ) : null}
    </Card>
  );
}

/** What a verdict was given on and was revoked since, each evaluation once. */
function RevokedInputs(props: { gate: GateVerdict }) {
  const marks = new Map(
    props.gate.inputs.flatMap(({ revoked }) =>
      revoked ? [[revoked.id, revoked]] : [],
    ),
  );
  return (
    <>
      {[...marks.values()].map(mark => (
        <RevokedMark key={mark.id} mark={mark} />
      ))}
    </>
  );
}

function NotPassed(props: { items: GateVerdict[] }) {
  const items = [
    ...props.items.filter(
      gate => gate.verdict === 'passed' && restsOnRevoked(gate),
    ),
    ...LISTED.flatMap(verdict =>
      props.items.filter(gate => gate.verdict === verdict),
    ),
  ];
  return (
    <Box
      component="ul"
      aria-label="Gates that did not simply pass"
      sx={{ listStyle: 'none', m: 0, p: 0 }}
    >
      {items.map(gate => (
        <Box
          component="li"
          key={gate.gate}
          sx={{ py: 0.75, borderTop: 1, borderColor: 'divider' }}
        >
          <Box sx={{ display: 'flex', gap: 1 }}>
            <StateLabel verdict={gate.verdict} />
            <span>{gate.title}</span>
          </Box>
          <Sub>{gate.explanation}</Sub>
          {restsOnRevoked(gate) && <RevokedInputs gate={gate} />}
        </Box>
      ))}
    </Box>
  );
}
