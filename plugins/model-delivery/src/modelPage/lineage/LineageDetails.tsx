import { ReactNode } from 'react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import CloseIcon from '@mui/icons-material/Close';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { LineageNode } from '@slipway/backstage-plugin-model-delivery-common';
import { Card, Digest, ErrorNote, PersonName, Time } from '../../components';
import { ColumnsOf } from './ColumnsOf';
import { isData, kindWords, stepsOf, titleOf, Way } from './graph';
import { ImpactOf } from './ImpactOf';

const runStates: Record<string, string> = {
  START: 'Started',
  RUNNING: 'Running',
  COMPLETE: 'Completed',
  FAIL: 'Failed',
  ABORT: 'Aborted',
};

/** What is known of one node, what may be beside it, and whom it concerns if it is faulty. */
export function LineageDetails(props: {
  node: LineageNode;
  onExpand: (way: Way) => void;
  expanding: boolean;
  /** Why the last expansion did not come about. */
  error: unknown;
  onClose: () => void;
}) {
  const { node, onExpand, expanding, error, onClose } = props;
  const { run, release } = node;
  return (
    <Card
      title={titleOf(node)}
      state={
        <Box component="span" sx={{ color: 'text.secondary' }}>
          {kindWords[node.kind].one}
        </Box>
      }
      aside={
        <IconButton size="small" aria-label="Close" onClick={onClose}>
          <CloseIcon fontSize="small" />
        </IconButton>
      }
    >
      <Box
        component="dl"
        sx={{
          m: 0,
          display: 'grid',
          gridTemplateColumns: 'auto minmax(0, 1fr)',
          gap: '6px 16px',
          '& dt': { color: 'text.secondary' },
          '& dd': { m: 0, overflowWrap: 'anywhere' },
        }}
      >
        {node.kind === 'hidden' && (
          <Fact name="Why">
            Something is here that you lack the permission to see. What lies
            behind it is not looked for.
          </Fact>
        )}
        {node.version !== null && (
          <Fact name="Version">
            <code>{node.version}</code>
          </Fact>
        )}
        {node.entityRef && (
          <Fact name="In the catalog">
            <EntityRefLink entityRef={node.entityRef} hideIcon disableTooltip />
          </Fact>
        )}
        {node.namespace && !run && (
          <Fact name="Namespace">{node.namespace}</Fact>
        )}
        <Fact name="Where">{stepsOf(node.hops)}</Fact>
        {run && (
          <>
            <Fact name="Namespace">{run.job.namespace}</Fact>
            {run.partOf && <Fact name="Part of">{run.partOf.job.name}</Fact>}
            <Fact name="State">
              {run.state ? runStates[run.state] : 'Not told'}
              {run.endedAt ? (
                <>
                  {' '}
                  <Time at={run.endedAt} />
                </>
              ) : (
                run.startedAt && (
                  <>
                    , started <Time at={run.startedAt} />
                  </>
                )
              )}
            </Fact>
            {run.commit && (
              <Fact name="Commit">
                <Digest value={run.commit} of="commit" commit />
                {run.repository && <div>{run.repository}</div>}
              </Fact>
            )}
          </>
        )}
        {release && (
          <>
            <Fact name="Digest">
              <Digest value={release.digest} of={`version ${node.version}`} />
            </Fact>
            {release.commit && (
              <Fact name="Commit">
                <Digest value={release.commit} of="commit" commit />
              </Fact>
            )}
            <Fact name="Trained by">
              <PersonName principal={release.trainedBy} />
            </Fact>
          </>
        )}
        {(node.kind === 'version' || node.serving.length > 0) && (
          <Fact name="Serves">
            {node.serving.length === 0
              ? 'Nowhere'
              : node.serving.map(each => (
                  <div key={each.deployment}>
                    {each.environment} {each.share} %, since{' '}
                    <Time at={each.since} as="date" />
                  </div>
                ))}
          </Fact>
        )}
      </Box>
      {node.kind !== 'hidden' && (
        <Box sx={{ mt: 1.5, display: 'flex', flexWrap: 'wrap', gap: 1 }}>
          {(['upstream', 'downstream'] as const).map(way => (
            <Button
              key={way}
              size="small"
              variant="outlined"
              disabled={expanding || !node.more[way]}
              onClick={() => onExpand(way)}
              sx={{ textTransform: 'none' }}
            >
              {node.more[way] ? `Show what is ${way}` : `All ${way} is shown`}
            </Button>
          ))}
        </Box>
      )}
      {error !== undefined && (
        <Box sx={{ mt: 1.5 }}>
          <ErrorNote title="No more could be shown" error={error} />
        </Box>
      )}
      {isData(node) && (
        <>
          <ColumnsOf node={node} />
          <ImpactOf node={node} />
        </>
      )}
    </Card>
  );
}

function Fact(props: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </>
  );
}
