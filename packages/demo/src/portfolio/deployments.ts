import { DeploymentRecord } from '@slipway/backstage-plugin-model-delivery-common';
import { Random } from './random';
import { Release } from './planReleases';
import { MINUTE, timestamp } from './time';
import { ModelProfile } from './types';

const STAGED = 4;
const MODEL_RISK_MANAGER = 'm.okafor';
const COMPLIANCE_OFFICERS = ['t.brandt', 'h.lindgren', 'c.abara'];

/**
 * Who served in production all year, and in staging lately: one version at a time, without a gap. A version that was
 * rolled back is followed by the restored one.
 * @param until - when another way of deploying took over, in milliseconds; without it the last ones still serve
 */
export function deploymentsOf(
  profile: ModelProfile,
  releases: Release[],
  random: Random,
  until?: number,
): DeploymentRecord[] {
  const production = productionSpans(releases);
  const staging = releases
    .filter(release => release.stagedAt !== undefined)
    .slice(-STAGED)
    .sort((one, other) => one.stagedAt! - other.stagedAt!)
    .map(
      (release): Span => ({
        id: `${release.version}-staging`,
        version: release.version,
        startedAt: release.stagedAt!,
        record: {},
      }),
    );
  const requestedBy = `user:default/${profile.crew.engineers[0]}`;
  return [
    ...toRecords(staging, 'staging', until).map(record => ({
      ...record,
      requestedBy,
    })),
    ...toRecords(production, 'production', until).map(record => ({
      ...record,
      requestedBy,
      ...(!record.restores && { approvedBy: approversOf(profile, random) }),
    })),
  ];
}

interface Span {
  id: string;
  version: string;
  startedAt: number;
  record: Partial<DeploymentRecord>;
}

function productionSpans(releases: Release[]): Span[] {
  const spans: Span[] = [];
  let serving: string | undefined;
  const inOrder = releases
    .filter(release => release.productionAt !== undefined)
    .sort((one, other) => one.productionAt! - other.productionAt!);
  for (const { version, productionAt, reason, trouble } of inOrder) {
    const before = serving;
    const rolledBack = trouble?.trouble.kind === 'rolled-back';
    spans.push({
      id: `${version}-production`,
      version,
      startedAt: productionAt!,
      record: {
        reason,
        ...(rolledBack && { outcome: 'rolled-back' as const }),
        ...(trouble && { failureDetectedAt: timestamp(trouble.detectedAt) }),
      },
    });
    serving = version;
    if (trouble && rolledBack && before) {
      spans.push({
        id: `${version}-production.rollback`,
        version: before,
        startedAt: trouble.restoredAt,
        record: { restores: true },
      });
      serving = before;
    }
  }
  return spans;
}

/** Lets each span end when the next one starts. */
function toRecords(
  spans: Span[],
  environment: string,
  until: number | undefined,
): DeploymentRecord[] {
  return spans.map(({ id, version, startedAt, record }, index) => {
    const endedAt = spans[index + 1]?.startedAt ?? until;
    return {
      id,
      version,
      environment,
      startedAt: timestamp(startedAt),
      ...(endedAt !== undefined && {
        endedAt: timestamp(Math.max(endedAt, startedAt + MINUTE)),
      }),
      outcome: 'full-traffic',
      restores: false,
      ...record,
    };
  });
}

function approversOf({ risk, crew }: ModelProfile, random: Random): string[] {
  const names = {
    high: [MODEL_RISK_MANAGER, random.pick(COMPLIANCE_OFFICERS)],
    medium: [MODEL_RISK_MANAGER],
    low: [] as string[],
  }[risk];
  return risk === 'low' && random.chance(0.2)
    ? [`user:default/${crew.lead}`]
    : names.map(name => `user:default/${name}`);
}
