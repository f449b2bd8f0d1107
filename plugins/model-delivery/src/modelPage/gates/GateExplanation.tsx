import { useEffect, useRef } from 'react';
import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import type {
  GateMatrix,
  GateVerdict,
} from '@slipway/backstage-plugin-model-delivery-common';
import { formatNumber } from '../../charts/numbers';
import {
  Caption,
  Card,
  Code,
  Digest,
  formatDuration,
  icons,
  StateLabel,
  Sub,
  Time,
} from '../../components';
import { Notice } from '../../promotions/Notice';
import { restsOnRevoked } from '../../revocations/revoked';
import { RevokedMark } from '../../revocations/RevokedMark';
import { RevokeEvidence } from '../../revocations/RevokeEvidence';
import { promotionRouteRef } from '../../routes';
import { GateWaiver } from './GateWaiver';
import { stageTitles } from './matrix';

/** What a {@link GateExplanation} explains. */
export interface GateExplanationProps {
  verdict: GateVerdict;
  version: string;
  /** The matrix that the verdict is in. */
  matrix: Pick<GateMatrix, 'environment' | 'waivers'>;
  column: GateMatrix['versions'][number];
  /** Called when a waiver may have changed the verdict. */
  onChanged: () => void;
  onClose: () => void;
}

/** Why a verdict is what it is: in plain words, then the condition, then every input with its source and age. */
export function GateExplanation(props: GateExplanationProps) {
  const { verdict, version, matrix, column, onChanged, onClose } = props;
  const promotionRoute = useRouteRef(promotionRouteRef);
  const panel = useRef<HTMLDivElement>(null);
  // Opened from afar: whoever uses the keyboard is taken here, and back by Escape
  useEffect(() => {
    const opener = document.activeElement as HTMLElement | null;
    panel.current?.focus();
    return () => opener?.focus?.();
  }, []);
  return (
    <Box
      ref={panel}
      tabIndex={-1}
      onKeyDown={event => event.key === 'Escape' && onClose()}
      sx={{ position: { lg: 'sticky' }, top: 16, outline: 0, minWidth: 0 }}
    >
      <Card label={`${verdict.title}, ${version}`}>
        <Box sx={{ display: 'flex', alignItems: 'center' }}>
          <Caption sx={{ m: 0, mr: 'auto' }}>
            {version}, {stageTitles[verdict.stage]}
          </Caption>
          <IconButton size="small" aria-label="Close" onClick={onClose}>
            <icons.CloseIcon />
          </IconButton>
        </Box>
        <Box
          sx={{
            display: 'flex',
            flexWrap: 'wrap',
            alignItems: 'center',
            gap: '4px 12px',
          }}
        >
          <Box component="h2" sx={{ m: 0, fontSize: 16, lineHeight: '24px' }}>
            {verdict.title}
          </Box>
          <StateLabel verdict={verdict.verdict} filled />
        </Box>
        <Box
          component="p"
          sx={{ m: '8px 0 0', fontSize: 14, lineHeight: '20px' }}
        >
          {verdict.explanation}
        </Box>
        {restsOnRevoked(verdict) && (
          <Box sx={{ mt: 1 }}>
            <Notice tone="failed">
              This verdict was given on evidence that was revoked since.
            </Notice>
          </Box>
        )}
        <GateWaiver
          verdict={verdict}
          version={version}
          environment={matrix.environment}
          rule={matrix.waivers}
          onChanged={onChanged}
        />
        <Caption>Condition</Caption>
        <Code block>{verdict.condition}</Code>
        <Sub sx={{ mt: '4px' }}>
          {verdict.blocking
            ? 'Blocks when it does not hold.'
            : 'Only warns when it does not hold; without evidence it blocks.'}
        </Sub>
        <Caption>Inputs</Caption>
        {verdict.inputs.length === 0 && <Sub>None</Sub>}
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
          {verdict.inputs.map(input => (
            <Input
              key={input.fact}
              input={input}
              version={version}
              onChanged={onChanged}
            />
          ))}
        </Box>
        <Caption>Policy</Caption>
        {verdict.policy.name}{' '}
        <Digest value={verdict.policy.digest} of="digest of the policy" />
        <Sub>
          {column.preview ? 'Worked out' : 'Judged'}{' '}
          <Time at={verdict.evaluatedAt} />
          {column.preview && ', since no promotion has asked for it yet'};
          evidence{' '}
          <Digest value={verdict.evidenceDigest} of="digest of the evidence" />
        </Sub>
        {column.promotionId && (
          <Box sx={{ mt: 1.5 }}>
            <Link to={promotionRoute({ id: column.promotionId })}>
              Open the promotion
            </Link>
          </Box>
        )}
      </Card>
    </Box>
  );
}

function Input(props: {
  input: GateVerdict['inputs'][number];
  version: string;
  onChanged: () => void;
}) {
  const { input, version, onChanged } = props;
  const { value, interval, source, measuredAt, ageSeconds, maxAgeSeconds } =
    input;
  const { revoked } = input;
  const isOwn = !input.fact.startsWith('production.');
  const isOld =
    ageSeconds !== null && maxAgeSeconds !== null && ageSeconds > maxAgeSeconds;
  return (
    <Box
      component="li"
      sx={{
        display: 'grid',
        gridTemplateColumns: 'minmax(0, 1fr) auto',
        gap: '2px 12px',
        py: 1,
        borderBottom: 1,
        borderColor: 'divider',
      }}
    >
      <Code>{input.fact}</Code>
      {revoked ? (
        <span />
      ) : (
        <Freshness value={value} isOld={isOld} maxAge={maxAgeSeconds} />
      )}
      <Box sx={{ gridColumn: revoked ? '1 / -1' : undefined }}>
        {value === null ? (
          'No data'
        ) : (
          <>
            <Box
              component={revoked ? 's' : 'b'}
              sx={{ fontWeight: revoked ? 400 : 700 }}
            >
              {formatNumber(value)}
            </Box>
            {interval &&
              ` (${formatNumber(interval.low)} to ${formatNumber(
                interval.high,
              )})`}
          </>
        )}
        <Sub>
          {source ?? 'no source'}
          {measuredAt && (
            <>
              , measured <Time at={measuredAt} />
            </>
          )}
          {maxAgeSeconds !== null &&
            `, at most ${formatDuration(maxAgeSeconds)}`}
        </Sub>
      </Box>
      {revoked && (
        <Box sx={{ gridColumn: '1 / -1' }}>
          <RevokedMark mark={revoked} />
        </Box>
      )}
      {source && isOwn && !revoked && (
        <Box sx={{ alignSelf: 'end' }}>
          <RevokeEvidence
            version={version}
            evaluation={source}
            onRevoked={onChanged}
          />
        </Box>
      )}
    </Box>
  );
}

function Freshness(props: {
  value: number | null;
  isOld: boolean;
  maxAge: number | null;
}) {
  const { value, isOld, maxAge } = props;
  if (value === null) {
    return <StateLabel verdict="no-evidence">Missing</StateLabel>;
  }
  if (isOld) {
    return <StateLabel verdict="warned">Too old</StateLabel>;
  }
  return maxAge === null ? null : (
    <StateLabel verdict="passed">Fresh</StateLabel>
  );
}
