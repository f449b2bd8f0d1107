import type { Promotion } from '@slipway/backstage-plugin-model-delivery-common';
import { PolicyLink } from '../policies/PolicyLink';
import { Notice } from './Notice';

/** Says that another policy is in force by now than the one that a promotion goes by; nothing where it is the same. */
export function NewerPolicy(props: { promotion: Promotion }) {
  const { policy, newerPolicy, risk } = props.promotion;
  return newerPolicy ? (
    <Notice tone="running">
      A newer policy, <b>{newerPolicy.name}</b>, is in force by now, for new
      requests. This promotion goes by the one that it began with:{' '}
      <PolicyLink
        to={{
          risk,
          policy: newerPolicy.digest,
          compare: { before: policy.digest, after: newerPolicy.digest },
        }}
      >
        see what differs
      </PolicyLink>
      .
    </Notice>
  ) : null;
}
