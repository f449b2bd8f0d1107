import { Link } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import Box from '@mui/material/Box';
import { ReactNode } from 'react';
import type { ModelSourceHealth } from '@slipway/backstage-plugin-model-delivery-common';
import {
  Card,
  Facts,
  formatCoarse,
  StateLabel,
  Sub,
  Time,
} from '../components';
import { Notice } from '../promotions/Notice';
import { count } from './count';
import { sourceState } from './registryFreshness';

/** Kinds of sources as people call them; others by their own name. */
const KINDS: Record<string, string> = {
  mlflow: 'MLflow registry',
  'model-cards': 'Hugging Face model cards',
  'ml-boms': 'CycloneDX ML-BOMs',
};

/** A source of the catalog's models: where it reads, how that goes, and what somebody wrote otherwise. */
export function SourceCard(props: { source: ModelSourceHealth }) {
  const { source } = props;
  return (
    <Card
      title={source.title}
      level={3}
      state={<StateLabel appearance={sourceState(source)} />}
      aside={
        source.intervalSeconds !== null &&
        `every ${formatCoarse(source.intervalSeconds)}`
      }
    >
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        {source.error && (
          <Notice tone="error" alert>
            <Box sx={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }}>
              {source.error}
            </Box>
          </Notice>
        )}
        <Facts
          items={[
            { label: 'Kind', value: KINDS[source.kind] ?? source.kind },
            { label: 'Reads', value: <Places places={source.places} /> },
            {
              label: 'Last success',
              value: source.succeededAt ? (
                <Time at={source.succeededAt} />
              ) : (
                'Never yet'
              ),
            },
            {
              label: 'Last attempt',
              value: source.error && source.attemptedAt && (
                <Time at={source.attemptedAt} />
              ),
            },
            { label: 'Holds', value: count(source.models, 'model') },
          ]}
        />
        <Refused refused={source.refused} />
        <Conflicts conflicts={source.conflicts} />
      </Box>
    </Card>
  );
}

function Places(props: { places: string[] }) {
  return (
    <Box sx={{ overflowWrap: 'anywhere' }}>
      {props.places.map(place => (
        <Box key={place}>
          {/^https?:\/\/[^*]+$/.test(place) ? (
            <Link to={place}>{place}</Link>
          ) : (
            place
          )}
        </Box>
      ))}
    </Box>
  );
}

function Refused({ refused }: Pick<ModelSourceHealth, 'refused'>) {
  return (
    <Listed
      summary={`${count(refused.count, 'file')} not taken`}
      explanation="What was known of them before stays."
      more={refused.count - refused.items.length}
    >
      {refused.items.map(({ source, message }) => (
        <li key={source}>
          {source} {message}
        </li>
      ))}
    </Listed>
  );
}

function Conflicts({ conflicts }: Pick<ModelSourceHealth, 'conflicts'>) {
  return (
    <Listed
      summary={`${count(conflicts.count, 'model')} written otherwise`}
      explanation="The catalog-info.yaml that somebody wrote counts, not the source."
      more={conflicts.count - conflicts.items.length - conflicts.hidden}
      hidden={conflicts.hidden}
    >
      {conflicts.items.map(({ model, message }, index) => (
        <li key={`${model} ${index}`}>
          <EntityRefLink entityRef={model} defaultKind="model" />
          <Sub>{message}</Sub>
        </li>
      ))}
    </Listed>
  );
}

/** Some lines behind their number; nothing where there are none. */
function Listed(props: {
  summary: string;
  explanation: string;
  /** How many there are beside those listed. */
  more: number;
  /** How many of them one may not see. */
  hidden?: number;
  children: ReactNode[];
}) {
  const { summary, explanation, more, hidden = 0, children } = props;
  if (children.length + more + hidden === 0) {
    return null;
  }
  return (
    <Notice tone="warned">
      <Box component="details" sx={{ overflowWrap: 'anywhere' }}>
        <Box component="summary" sx={{ cursor: 'pointer', minHeight: 24 }}>
          {summary}
        </Box>
        <Sub>{explanation}</Sub>
        <Box
          component="ul"
          sx={{ m: 0, pl: 2, display: 'grid', gap: 0.5, listStyle: 'disc' }}
        >
          {children}
          {more > 0 && <li>{more.toLocaleString('en')} more</li>}
          {hidden > 0 && <li>{hidden} that you may not see</li>}
        </Box>
      </Box>
    </Notice>
  );
}
