import { baseModelHistory } from './baseModel';
import { deploymentsOf } from './deployments';
import { lineageEventsOf } from './lineageEvents';
import { evaluationsOf } from './measurements';
import { planReleases, Release } from './planReleases';
import { profiles } from './profiles';
import { Random } from './random';
import { RegistrationWriter } from './registrations';
import { runsOf } from './runs';
import { Artifacts, isServed, servedReleases } from './servedModels';
import { DAY, MINUTE, startOfDay, timestamp } from './time';
import {
  IncidentHistory,
  ModelHistory,
  ModelProfile,
  Portfolio,
} from './types';

const YEAR = 364 * DAY;
const RECENT = 8;

/**
 * Makes up the sample company's year before `now`: the same seed and the same day give the same year to the byte.
 */
export function generatePortfolio(options: {
  now: Date;
  /** Of the models that are really served. */
  artifacts: Artifacts;
  seed?: string;
}): Portfolio {
  const asOf = startOfDay(options.now);
  const seed = options.seed ?? 'harbour';
  return {
    asOf,
    models: [
      baseModelHistory(asOf.getTime()),
      ...profiles.map(profile =>
        historyOf(
          profile,
          asOf.getTime(),
          options.artifacts,
          new Random(`${seed}/${profile.name}`),
        ),
      ),
    ],
  };
}

function historyOf(
  profile: ModelProfile,
  asOf: number,
  artifacts: Artifacts,
  random: Random,
): ModelHistory {
  const served = isServed(profile.name);
  const releases = [
    ...planReleases(profile, asOf, random),
    ...(served ? servedReleases(profile.name, asOf, artifacts) : []),
  ];
  const runs = runsOf(profile, releases, asOf, random);
  const runIds = new Map(
    runs.flatMap(({ id, report }) =>
      report.version ? [[report.version, id] as const] : [],
    ),
  );
  const writer = new RegistrationWriter(profile, asOf, random);
  const versions = releases.map((release, index) => {
    const run = runIds.get(release.version)!;
    const registration = writer.register(release, run);
    return {
      registration,
      evaluations: evaluationsOf(
        profile,
        {
          version: release.version,
          createdAt: release.createdAt,
          progress: release.progress ?? 1 - (asOf - release.createdAt) / YEAR,
          noisy: release.progress === undefined,
          held: release.held,
          recent: index >= releases.length - RECENT,
          run,
          dataset: writer.holdout(),
        },
        asOf,
        random,
      ),
    };
  });
  const own = { namespace: 'default', name: profile.name, versions };
  return {
    ...own,
    lineage: lineageEventsOf(own),
    runs,
    deployments: deploymentsOf(
      profile,
      releases,
      random,
      served ? asOf : undefined,
    ),
    incidents: incidentsOf(profile, releases, asOf),
  };
}

function incidentsOf(
  profile: ModelProfile,
  releases: Release[],
  asOf: number,
): IncidentHistory[] {
  const caused = releases.flatMap(({ version, trouble }) =>
    trouble?.trouble.incident
      ? [
          {
            title: trouble.trouble.incident,
            detectedAt: trouble.detectedAt,
            resolvedAt: trouble.restoredAt as number | undefined,
            causedByVersion: version,
          },
        ]
      : [],
  );
  const others = profile.incidents.map(({ title, daysAgo, minutes }) => {
    const detectedAt = asOf - daysAgo * DAY + 10 * 60 * MINUTE;
    return {
      title,
      detectedAt,
      resolvedAt:
        minutes === undefined ? undefined : detectedAt + minutes * MINUTE,
    };
  });
  return [...caused, ...others].map((incident, index) => ({
    id: `incident-${index + 1}`,
    report: {
      ...incident,
      detectedAt: timestamp(incident.detectedAt),
      resolvedAt:
        incident.resolvedAt === undefined
          ? undefined
          : timestamp(incident.resolvedAt),
      url: `https://incidents.harbour.example/${profile.name}/${index + 1}`,
    },
  }));
}
