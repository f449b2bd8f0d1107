import type { RevocationMark } from '@slipway/backstage-plugin-model-delivery-common';
import { PersonName, StateLabel, Sub, Time } from '../components';

/** That evidence was revoked: by whom, when and why. */
export function RevokedMark(props: { mark: RevocationMark }) {
  const { evaluation, revokedBy, revokedAt, reason } = props.mark;
  return (
    <div>
      <StateLabel verdict="failed">Revoked</StateLabel>
      <Sub>
        {evaluation} by <PersonName principal={revokedBy} />,{' '}
        <Time at={revokedAt} />: “{reason}”
      </Sub>
    </div>
  );
}
