import type { ApprovalSubject } from '@slipway/backstage-plugin-model-delivery-common';
import { Digest, Facts } from '../components';
import { planText } from './planText';

/** What a decision binds to, part by part: a change of any of them voids it. */
export function Binding(props: { subject: ApprovalSubject; version: string }) {
  const { subject, version } = props;
  return (
    <Facts
      items={[
        {
          label: 'Version',
          value: (
            <>
              {version}{' '}
              <Digest
                value={subject.versionDigest}
                of={`digest of ${version}`}
                algorithm
              />
            </>
          ),
        },
        { label: 'Environment', value: subject.environment },
        {
          label: 'Policy',
          value: (
            <Digest
              value={subject.policyDigest}
              of="digest of the policy"
              algorithm
            />
          ),
        },
        {
          label: 'Evidence',
          value: (
            <Digest
              value={subject.evidenceDigest}
              of="digest of the evidence"
              algorithm
            />
          ),
        },
        { label: 'Rollout plan', value: planText(subject.rolloutPlan) },
        ...(subject.bundle
          ? [
              {
                label: 'Bundle',
                value: (
                  <>
                    <Digest
                      value={subject.bundle.digest}
                      of="digest of the bundle"
                      algorithm
                    />{' '}
                    with the same parts of {subject.bundle.members.length}{' '}
                    {subject.bundle.members.length === 1 ? 'member' : 'members'}
                  </>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}
