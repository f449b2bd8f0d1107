import { Link } from '@backstage/core-components';
import Box from '@mui/material/Box';
import type {
  CardFreshness,
  CardTextStatus,
  ModelCardView,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  Card,
  Facts,
  PersonName,
  Sub,
  Time,
  useTones,
  VerdictIcon,
} from '../../components';

/** What a card should say and this one does not, and where to write it. */
export function MissingPanel(props: { view: ModelCardView }) {
  const { missing, completeness } = props.view;
  const tones = useTones();
  if (missing.length === 0) {
    return (
      <Card title="Complete">Everything that a card should say is there.</Card>
    );
  }
  return (
    <Card
      title={
        missing.length === 1
          ? '1 field missing'
          : `${missing.length} fields missing`
      }
      aside={`${Math.round(completeness * 100)} % filled in`}
    >
      <Box
        component="ul"
        sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 1.25 }}
      >
        {missing.map(({ section, what, how }) => (
          <Box
            component="li"
            key={section}
            sx={{
              pl: 1.25,
              borderLeft: '3px solid',
              borderColor: tones.warned.mark,
            }}
          >
            <b>{what}</b>
            <Sub>
              <Backticked text={how} />
            </Sub>
          </Box>
        ))}
      </Box>
    </Card>
  );
}

/** The age of the card, as the gate of the policy reads it. */
export function FreshnessPanel(props: { freshness: CardFreshness }) {
  const { policy, measuredAt, evaluation } = props.freshness;
  return (
    <Card title="Freshness">
      {policy ? (
        <Box sx={{ display: 'flex', gap: 1 }}>
          <VerdictIcon verdict={policy.verdict} />
          <Box sx={{ minWidth: 0, overflowWrap: 'anywhere' }}>
            {policy.explanation}
            <Sub>
              Gate {policy.gate} of policy {policy.name}, for{' '}
              {policy.environment}
            </Sub>
          </Box>
        </Box>
      ) : (
        'The model’s policy does not ask how old its card is.'
      )}
      {measuredAt && (
        <Sub sx={{ mt: 1 }}>
          Reported <Time at={measuredAt} />
          {evaluation && ` by ${evaluation}`}
        </Sub>
      )}
    </Card>
  );
}

const states: Record<CardTextStatus['state'], string> = {
  found: 'Read from the repository',
  none: 'There is none yet',
  refused: 'Refused',
  failed: 'Could not be read',
  imported: 'Imported from a file',
};

/** Where the team's own words come from, and why they are not there. */
export function TextPanel(props: { text: CardTextStatus }) {
  const { state, location, editUrl, readAt, message, importedBy } = props.text;
  return (
    <Card
      title="The team’s text"
      footer={editUrl && <Link to={editUrl}>Edit at the source</Link>}
    >
      <Facts
        items={[
          { label: 'State', value: states[state] },
          { label: 'Why', value: message },
          { label: 'File', value: location },
          {
            label: 'By',
            value: importedBy && <PersonName principal={importedBy} />,
          },
          { label: 'Read', value: readAt && <Time at={readAt} /> },
        ]}
      />
      {state === 'none' && (
        <Sub sx={{ mt: 1 }}>
          Write <code>MODEL_CARD.md</code> beside the model’s catalog-info.yaml,
          or name another file by the annotation{' '}
          <code>slipway.dev/model-card</code>.
        </Sub>
      )}
    </Card>
  );
}

/** Text in which what stands in backticks is code. */
function Backticked(props: { text: string }) {
  return (
    <>
      {props.text
        .split('`')
        .map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))}
    </>
  );
}
