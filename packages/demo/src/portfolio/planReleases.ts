import { ChangeKind } from '@slipway/backstage-plugin-model-delivery-common';
import { Random } from './random';
import { atWork, DAY, HOUR, MINUTE } from './time';
import { ModelProfile, Trouble } from './types';

/** A version and how far it got; moments are milliseconds. */
export interface Release {
  /** Name of the version. */
  version: string;
  kinds: ChangeKind[];
  firstCommitAt: number;
  /** When it was trained. */
  createdAt: number;
  /** Whether quality said no to it. */
  held: boolean;
  /** Absent when it never was in staging. */
  stagedAt?: number;
  /** Absent when it never served customers. */
  productionAt?: number;
  reason: 'planned' | 'unplanned-fix';
  trouble?: { trouble: Trouble; detectedAt: number; restoredAt: number };
  /** How far its metrics have come between a year ago (0) and today (1); by its date and by chance without. */
  progress?: number;
  /** Its real artifact; absent for what is only made up. */
  artifact?: { uri: string; digest: string; description: string };
}

type Draft = Omit<Release, 'version'>;

const YEAR = 364 * DAY;
const LAST_HOURS = 5;

/**
 * The releases of a model in the year before `asOf`, oldest first: those that reached production, the fixes of what went
 * wrong, the versions that quality held back, and those that are still on their way.
 */
export function planReleases(
  profile: ModelProfile,
  asOf: number,
  random: Random,
): Release[] {
  const released = withTroubles(
    productionTimes(profile, asOf, random).map(at =>
      draftOf(profile, at, asOf, random),
    ),
    profile,
    asOf,
    random,
  );
  const drafts = [
    ...released,
    ...heldBack(profile, released, random),
    ...onTheirWay(profile, released, asOf, random),
  ].sort((one, other) => one.createdAt - other.createdAt);
  return drafts.map((draft, index) => ({
    ...draft,
    version: `${profile.prefix}${profile.firstNumber + index}`,
  }));
}

function productionTimes(
  profile: ModelProfile,
  asOf: number,
  random: Random,
): number[] {
  const end = asOf - profile.lastReleaseDaysAgo * DAY;
  const gap = (end - (asOf - YEAR)) / Math.max(profile.releases, 1);
  return Array.from({ length: profile.releases }, (_, index) => {
    const last = index === profile.releases - 1;
    const jitter = last ? 0 : random.between(-0.3, 0.3);
    const day = end - (profile.releases - 1 - index - jitter) * gap;
    return atWork(day, random.between(8, 16));
  }).sort((one, other) => one - other);
}

function draftOf(
  profile: ModelProfile,
  productionAt: number,
  asOf: number,
  random: Random,
): Draft {
  const kind = random.weighted(profile.changes);
  // Everybody got faster over the year
  const slower = 1 + 0.6 * ((asOf - productionAt) / YEAR);
  const lead =
    random.logNormal((profile.leadHours[kind] ?? 24) * slower, 0.32) * HOUR;
  const createdAt = productionAt - lead * random.between(0.25, 0.45);
  return {
    kinds: kind === 'data' && random.chance(0.2) ? ['code', 'data'] : [kind],
    firstCommitAt: productionAt - lead,
    createdAt,
    held: false,
    stagedAt: createdAt + (productionAt - createdAt) * random.between(0.2, 0.6),
    productionAt,
    reason: 'planned',
  };
}

/** Lets each trouble hit the release that is nearest to it, and adds the fixes. */
function withTroubles(
  drafts: Draft[],
  profile: ModelProfile,
  asOf: number,
  random: Random,
): Draft[] {
  const hit = new Map<Draft, Trouble>();
  for (const trouble of profile.troubles) {
    const when = asOf - trouble.weeksAgo * 7 * DAY;
    // The first has nothing before it to go back to, and the last one serves today
    const [nearest] = drafts
      .slice(1, -1)
      .filter(draft => !hit.has(draft))
      .sort(
        (one, other) =>
          Math.abs(one.productionAt! - when) -
          Math.abs(other.productionAt! - when),
      );
    if (nearest) {
      hit.set(nearest, trouble);
    }
  }
  return drafts.flatMap(draft => {
    const trouble = hit.get(draft);
    if (!trouble) {
      return [draft];
    }
    const detectedAt = draft.productionAt! + random.between(15, 80) * MINUTE;
    const restoredAt = detectedAt + trouble.minutes * MINUTE;
    const troubled = { ...draft, trouble: { trouble, detectedAt, restoredAt } };
    return trouble.kind === 'hot-fixed'
      ? [troubled, fixOf(draft, detectedAt, restoredAt)]
      : [troubled];
  });
}

function fixOf(draft: Draft, detectedAt: number, restoredAt: number): Draft {
  const length = restoredAt - detectedAt;
  return {
    kinds: draft.kinds.includes('configuration') ? ['configuration'] : ['code'],
    firstCommitAt: detectedAt + length * 0.2,
    createdAt: detectedAt + length * 0.5,
    held: false,
    stagedAt: detectedAt + length * 0.7,
    productionAt: restoredAt,
    reason: 'unplanned-fix',
  };
}

/** First attempts at a release, which quality refused and a second version mended. */
function heldBack(
  profile: ModelProfile,
  released: Draft[],
  random: Random,
): Draft[] {
  return released
    .filter(draft => draft.reason === 'planned')
    .flatMap(draft => {
      if (!random.chance(profile.held)) {
        return [];
      }
      const length = draft.createdAt - draft.firstCommitAt;
      const attempt = {
        kinds: draft.kinds,
        firstCommitAt: draft.firstCommitAt,
        createdAt: draft.firstCommitAt + length * random.between(0.3, 0.6),
        held: true,
        reason: 'planned' as const,
      };
      draft.firstCommitAt = attempt.createdAt + length * 0.1;
      return [attempt];
    });
}

function onTheirWay(
  profile: ModelProfile,
  released: Draft[],
  asOf: number,
  random: Random,
): Draft[] {
  const last = released[released.length - 1];
  const from = Math.max(
    last?.productionAt ?? 0,
    asOf - (profile.releases > 0 ? 4 : 70) * DAY,
  );
  const room = asOf - LAST_HOURS * HOUR - from;
  return Array.from({ length: profile.ahead }, (_, index) => {
    const createdAt = from + (room * (index + 1)) / profile.ahead;
    // What does not serve yet at all has not passed its gates either
    const passed = index === profile.ahead - 1 && profile.releases > 0;
    return {
      kinds: [random.weighted(profile.changes)],
      firstCommitAt: createdAt - random.between(4, 20) * HOUR,
      createdAt,
      held: !passed,
      ...(passed && {
        stagedAt: createdAt + random.between(1, 4) * HOUR,
        // Worth asking for a promotion
        progress: 1.4,
      }),
      reason: 'planned' as const,
    };
  });
}
