import { ReactNode } from 'react';
import { Link } from '@backstage/core-components';
import Box from '@mui/material/Box';
import type {
  GateVerdict,
  ModelDetail,
  VersionChanges,
} from '@slipway/backstage-plugin-model-delivery-common';
import { ReviewDueMark } from '../breakGlass/ReviewDueMark';
import { readings, RiskBars, StateLabel, Sub } from '../components';
import { Grey, InProduction, Waiting } from '../models/modelCells';
import { candidateOf, productionOf } from './candidate';
import { GatesInShort } from './GatesInShort';
import { standingOf } from './standing';
import { useTabLink } from './useTabLink';

/**
 * What each reader asks first: whether the newest version is ahead and what keeps it out, what serves since when at which
 * risk, what waits for a person, and what is wrong or changing now and what the way back is.
 */
export function AtAGlance(props: {
  model: ModelDetail;
  /** Of the candidate against production; null while that is not known. */
  changes: VersionChanges | null;
  /** Of production's gates for the candidate; null where they are not known. */
  verdicts: GateVerdict[] | null;
}) {
  const { model, changes, verdicts } = props;
  const candidate = candidateOf(model);
  const tabLink = useTabLink();
  const back = productionOf(model)?.rollbackTarget;
  return (
    <Box
      component="dl"
      aria-label="At a glance"
      sx={{
        m: 0,
        p: 2,
        display: 'grid',
        gridTemplateColumns: {
          xs: 'minmax(0, 1fr)',
          sm: 'repeat(2, minmax(0, 1fr))',
          lg: 'minmax(0, 1.6fr) repeat(3, minmax(0, 1fr))',
        },
        gap: 2,
        bgcolor: 'background.paper',
        borderRadius: '8px',
        fontFamily: theme => theme.typography.fontFamily,
        fontSize: 13,
        lineHeight: '18px',
        fontVariantNumeric: 'tabular-nums',
        '& dt': { fontSize: 12, color: 'text.secondary', mb: '2px' },
        '& dd': { m: 0, overflowWrap: 'anywhere' },
        // Sentences, where the lists have words
        '& dd span': { whiteSpace: 'normal' },
      }}
    >
      <Item label="Next for production">
        {candidate === null ? (
          <Grey>No version yet</Grey>
        ) : (
          <Link to={tabLink('versions')}>
            <b>{candidate}</b>
          </Link>
        )}
        {changes && <Standing changes={changes} />}
        {verdicts &&
          verdicts.length > 0 &&
          changes?.version !== changes?.against && (
            <GatesInShort verdicts={verdicts} />
          )}
      </Item>
      <Item label="In production">
        <InProduction model={model} />
        <div>
          <RiskBars risk={model.risk} /> <Grey>risk, {model.tier} tier</Grey>
        </div>
      </Item>
      <Item label="Waiting">
        <Waiting waiting={model.waiting} hasReview={!!model.reviewDue} />
        <ReviewDueMark reviewDue={model.reviewDue} />
      </Item>
      <Item label="Health">
        <StateLabel health={model.health.state} />
        {model.health.detail && <Sub>{model.health.detail}</Sub>}
        {back && (
          <Sub>
            Way back: {back.version},{' '}
            {back.ready ? 'ready to return' : 'would be started anew'}
          </Sub>
        )}
      </Item>
    </Box>
  );
}

function Item(props: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Standing(props: { changes: VersionChanges }) {
  const { reading, text } = standingOf(props.changes);
  return (
    <Box>
      <StateLabel appearance={readings[reading]}>{text}</StateLabel>
    </Box>
  );
}
