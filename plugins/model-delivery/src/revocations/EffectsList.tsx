import Box from '@mui/material/Box';
import type { RevocationEffects } from '@slipway/backstage-plugin-model-delivery-common';
import { StateLabel, Sub } from '../components';

const BECOMES: Record<
  RevocationEffects['promotions'][number]['effect'],
  string
> = {
  're-evaluated': 'goes back to its gates',
  paused: 'pauses; a person decides',
  held: 'does not go on by itself',
};

/** What rests on evidence, and what becomes of each when it is revoked. */
export function EffectsList(props: { effects: RevocationEffects }) {
  const { promotions, deployments } = props.effects;
  if (promotions.length + deployments.length === 0) {
    return null;
  }
  return (
    <Box
      component="ul"
      aria-label="What rests on it"
      sx={{ m: 0, p: 0, listStyle: 'none', maxHeight: 220, overflowY: 'auto' }}
    >
      {promotions.map(each => (
        <Row
          key={each.id}
          label={<StateLabel promotion={each.state} />}
          what={`${each.version} to ${each.environment}`}
          becomes={`${BECOMES[each.effect]}${
            each.decisions
              ? `; ${each.decisions} ${
                  each.decisions === 1 ? 'approval is' : 'approvals are'
                } void`
              : ''
          }`}
        />
      ))}
      {deployments.map(each => (
        <Row
          key={each.id}
          label={<StateLabel verdict="warned">Serves</StateLabel>}
          what={`${each.version} in ${each.environment}, ${each.share} %`}
          becomes="goes on serving and is marked"
        />
      ))}
    </Box>
  );
}

function Row(props: { label: React.ReactNode; what: string; becomes: string }) {
  return (
    <Box
      component="li"
      sx={{ py: 0.75, borderTop: 1, borderColor: 'divider', fontSize: 13 }}
    >
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
        {props.label}
        <b>{props.what}</b>
      </Box>
      <Sub>{props.becomes}</Sub>
    </Box>
  );
}
