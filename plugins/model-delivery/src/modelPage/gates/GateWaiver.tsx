import Box from '@mui/material/Box';
import {
  dataOf,
  GateMatrix,
  GateVerdict,
  Waiver,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, useLive } from '../../api';
import {
  Caption,
  ErrorNote,
  formatDuration,
  PersonName,
  Sub,
  Time,
} from '../../components';
import { useModelDetail, useModelName } from '../useModelDetail';
import { AskForWaiver } from './AskForWaiver';
import { blocks } from './matrix';
import { OpenWaiver } from './OpenWaiver';

const SHOWN = 4;

const isOpen = ({ state }: Waiver) => state === 'asked' || state === 'granted';

/** The waiver of a gate for a version: what became of it, asking for one, deciding on it. */
export function GateWaiver(props: {
  verdict: GateVerdict;
  version: string;
  environment: string;
  rule: GateMatrix['waivers'];
  onChanged: () => void;
}) {
  const { verdict, version, environment, rule, onChanged } = props;
  const { ref, namespace, name } = useModelName();
  const model = useModelDetail();
  const waivers = useLive(
    `waivers/${ref}/${environment}/${version}/${verdict.gate}`,
    async ({ client, signal }) =>
      dataOf(
        await client.GET('/models/{namespace}/{name}/waivers', {
          params: {
            path: { namespace, name },
            query: { environment, version, gate: verdict.gate, limit: SHOWN },
          },
          signal,
        }),
      ).items,
    { concerns: concernsModel(ref), pollSeconds: 15 },
  );
  const reload = () => {
    waivers.reload();
    onChanged();
  };
  if (!waivers.data) {
    return waivers.error ? (
      <ErrorNote title="Waivers could not be read" error={waivers.error} />
    ) : null;
  }
  const open = waivers.data.filter(isOpen);
  const isAsked = open.some(({ state }) => state === 'asked');
  // One that does not count leaves room for another one
  const needsOne =
    open.every(({ notCounted }) => notCounted) &&
    (blocks(verdict) || open.length > 0);
  const past = waivers.data.filter(each => !isOpen(each));
  if (open.length === 0 && past.length === 0 && !blocks(verdict)) {
    return null;
  }
  return (
    <Box
      component="section"
      aria-label="Waiver"
      sx={{ display: 'grid', gap: 1 }}
    >
      <Caption>Waiver</Caption>
      {open.map(each => (
        <OpenWaiver key={each.id} waiver={each} onChanged={reload} />
      ))}
      {!isAsked && needsOne && (
        <Box sx={{ display: 'grid', gap: 1, justifyItems: 'start' }}>
          <span>
            {rule && open.length > 0 && 'Another one can be asked for. '}
            {rule
              ? `${rule.roles
                  .map(({ title }) => title)
                  .join(
                    ' or ',
                  )} may let ${version} through to ${environment} all the same, for ${formatDuration(
                  rule.longestSeconds,
                )} at most.`
              : `The policy lets nobody waive a gate of ${environment}.`}
          </span>
          {rule && model.data?.viewer.mayRequestPromotion && (
            <AskForWaiver
              verdict={verdict}
              version={version}
              environment={environment}
              rule={rule}
              onAsked={reload}
            />
          )}
        </Box>
      )}
      {past.map(each => (
        <PastWaiver key={each.id} waiver={each} />
      ))}
    </Box>
  );
}

function PastWaiver(props: { waiver: Waiver }) {
  const { decision, ended, statement } = props.waiver;
  const at = ended?.at ?? decision?.decidedAt;
  return (
    <Sub sx={{ mt: 1 }}>
      {statement}
      {decision?.decision === 'refuse' && (
        <>
          {' '}
          by <PersonName principal={decision.decidedBy} />: “{decision.reason}”
        </>
      )}
      {at && (
        <>
          {' '}
          (<Time at={at} />)
        </>
      )}
    </Sub>
  );
}
