import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Release } from './planReleases';
import { DAY, HOUR } from './time';

/**
 * The models that the bundled scorer really serves, from the artifacts in `examples/artifacts`. Their versions v1 to v4
 * are made with Slipway; what served before was recorded.
 */
export const SERVED_MODELS: readonly string[] = [
  'churn-retail',
  'fraud-card-present',
];

/** Whether the bundled scorer serves this model. */
export function isServed(model: string): boolean {
  return SERVED_MODELS.includes(model);
}

/** What is in the file of a version that is really served. */
export interface Artifact {
  /** `sha256:` of the file. */
  digest: string;
  /** What is new in it. */
  description: string;
}

/** Artifacts by `MODEL/VERSION`. */
export type Artifacts = ReadonlyMap<string, Artifact>;

interface ServedVersion {
  version: string;
  /** Hours before the end of the year. */
  committed: number;
  trained: number;
  /** Where between the qualities of a year ago (0) and of today (1) its metrics lie. */
  progress: number;
}

/**
 * v1 and v2 are good, v3 is better; v4 measures best and fails only under traffic, which is what canaries are for.
 */
const VERSIONS: readonly ServedVersion[] = [
  { version: 'v1', committed: 60, trained: 52, progress: 1 },
  { version: 'v2', committed: 13, trained: 9, progress: 1.1 },
  { version: 'v3', committed: 7, trained: 5, progress: 1.5 },
  { version: 'v4', committed: 4, trained: 2, progress: 1.6 },
];

/**
 * Reads the artifacts of the served models.
 * @param folder - holds a folder for each model with a file `VERSION.json` for each version
 * @throws Error when one is missing or no JSON
 */
export function readArtifacts(folder: string): Artifacts {
  return new Map(
    SERVED_MODELS.flatMap(model =>
      VERSIONS.map(({ version }) => {
        const content = readFileSync(join(folder, model, `${version}.json`));
        const { description } = JSON.parse(content.toString()) as Artifact;
        const hash = createHash('sha256').update(content).digest('hex');
        return [
          `${model}/${version}`,
          { digest: `sha256:${hash}`, description },
        ] as const;
      }),
    ),
  );
}

/** The versions that were made with Slipway. v1 was still put into production by hand, and served until `asOf`. */
export function servedReleases(
  model: string,
  asOf: number,
  artifacts: Artifacts,
): Release[] {
  return VERSIONS.map(({ version, committed, trained, progress }): Release => {
    const key = `${model}/${version}`;
    const artifact = artifacts.get(key);
    if (!artifact) {
      throw new Error(
        `There is no artifact of ${key} among examples/artifacts`,
      );
    }
    return {
      version,
      kinds: version === 'v1' ? ['code', 'data'] : ['code'],
      firstCommitAt: asOf - committed * HOUR,
      createdAt: asOf - trained * HOUR,
      ...(version === 'v1' && {
        stagedAt: asOf - 2 * DAY - HOUR,
        productionAt: asOf - 2 * DAY + 9 * HOUR,
      }),
      held: false,
      reason: 'planned',
      progress,
      artifact: {
        uri: `scorer:${key}`,
        digest: artifact.digest,
        description: artifact.description,
      },
    };
  });
}
