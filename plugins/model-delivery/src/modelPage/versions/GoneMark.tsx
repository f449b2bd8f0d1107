import type { Version } from '@slipway/backstage-plugin-model-delivery-common';
import { icons, StateLabel, Sub, Time } from '../../components';

/** That the registry no longer has a version; nothing while it has, or never had. */
export function GoneMark(props: { version: Version }) {
  const goneAt = props.version.registry?.goneAt;
  return goneAt ? (
    <Sub>
      <StateLabel
        appearance={{
          label: 'Gone from the registry',
          tone: 'warned',
          icon: icons.WarnedIcon,
        }}
      />{' '}
      found <Time at={goneAt} />
    </Sub>
  ) : null;
}
