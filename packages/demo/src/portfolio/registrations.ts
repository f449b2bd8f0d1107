import {
  ChangeKind,
  VersionParts,
  VersionRegistration,
} from '@slipway/backstage-plugin-model-delivery-common';
import { commitOfText, digestOfText, Random } from './random';
import { Release } from './planReleases';
import { promptText } from './prompts';
import { DAY, dayOf, HOUR, timestamp } from './time';
import { DataSource, ModelProfile } from './types';

const MESSAGES = {
  code: [
    'Clip outliers before scaling',
    'Read the features in one call',
    'Drop a feature that leaked the outcome',
    'Stratify the split by month',
    'Use the same encoder in training and in serving',
    'Add a test for empty histories',
  ],
  data: ['Take the new data set into training', 'Move the training window on'],
  configuration: ['Tune the threshold', 'Reword the instructions'],
  'base-model': ['Move to the next version of the base model'],
} as const;

/** Registers the versions of one model, one after the other: what a release does not change stays as it was. */
export class RegistrationWriter {
  readonly #profile: ModelProfile;
  readonly #random: Random;
  readonly #asOf: number;
  #code: string;
  #trainedUpTo: number | undefined;
  #configuration = 0;
  #baseModel = 1;

  constructor(profile: ModelProfile, asOf: number, random: Random) {
    this.#profile = profile;
    this.#asOf = asOf;
    this.#random = random;
    this.#code = commitOfText(`${profile.name}/before`);
  }

  /** The data set that the next version is evaluated on, as of the last one registered. */
  holdout(): { name: string; version: string; digest: string } {
    const [source] = this.#profile.data;
    const version = versionOf(source, this.#trainedUpTo!);
    const name = `${source.name}-holdout`;
    return { name, version, digest: digestOfText(`${name}@${version}`) };
  }

  register(release: Release, run: string): VersionRegistration {
    const { name, crew, baseModel } = this.#profile;
    const commits = this.#commits(release);
    this.#code = commits[0].sha;
    if (this.#trainedUpTo === undefined || release.kinds.includes('data')) {
      this.#trainedUpTo = release.createdAt;
    }
    this.#configuration += release.kinds.includes('configuration') ? 1 : 0;
    this.#baseModel += release.kinds.includes('base-model') ? 1 : 0;
    const texts = (this.#profile.configuration ?? []).map(each => ({
      name: `resource:default/${each}`,
      text: promptText(each, this.#configuration),
    }));
    const parts: VersionParts = {
      code: {
        repository: `https://git.harbour.example/models/${name}.git`,
        commit: this.#code,
      },
      data: this.#profile.data.map(source =>
        this.#dataVersion(source, this.#trainedUpTo!),
      ),
      artifact: release.artifact
        ? { uri: release.artifact.uri, digest: release.artifact.digest }
        : { digest: digestOfText(`${name}/${release.version}`) },
      configuration: texts.map(({ name: part, text }) => ({
        name: part,
        digest: digestOfText(text),
      })),
      ...(baseModel && { baseModel: `${baseModel}@1.${this.#baseModel}` }),
      parameters: {
        ...this.#profile.parameters,
        seed: String(1 + this.#configuration),
      },
      trainedBy: `user:default/${crew.scientists[0]}`,
    };
    return {
      version: release.version,
      parts,
      createdAt: timestamp(release.createdAt),
      commits,
      run,
      changeKinds: release.kinds,
      ...(texts.length > 0 && { configurationTexts: texts }),
    };
  }

  #commits(release: Release): NonNullable<VersionRegistration['commits']> {
    const { scientists, engineers } = this.#profile.crew;
    const count =
      release.reason === 'planned' && release.kinds.includes('code')
        ? this.#random.integer(2, 6)
        : 1;
    const length = release.createdAt - release.firstCommitAt;
    const last = Math.max(length - HOUR, length * 0.8);
    return Array.from({ length: count }, (_, index) => {
      const kind = release.kinds[index % release.kinds.length];
      return {
        sha: commitOfText(`${this.#profile.name}/${release.version}/${index}`),
        author: `${this.#random.pick([
          ...scientists,
          ...engineers,
        ])}@harbour.example`,
        authoredAt: timestamp(
          release.firstCommitAt +
            (count > 1 ? (last * index) / (count - 1) : 0),
        ),
        message: this.#messageOf(release, kind, index),
      };
    }).reverse();
  }

  #messageOf(release: Release, kind: ChangeKind, index: number): string {
    if (release.artifact && index === 0) {
      return release.artifact.description;
    }
    return release.reason === 'planned'
      ? this.#random.pick(MESSAGES[kind])
      : 'Put right what went wrong';
  }

  #dataVersion(source: DataSource, at: number): VersionParts['data'][number] {
    const version = versionOf(source, at);
    const name = `resource:default/${source.name}`;
    return {
      name,
      version,
      digest: digestOfText(`${name}@${version}`),
      rows: Math.round(source.rows * (1 - 0.0006 * ((this.#asOf - at) / DAY))),
      availableAt: `${version}T04:00:00.000Z`,
    };
  }
}

/** The newest version of a data set at a moment: the day on which it appeared. */
function versionOf(source: DataSource, at: number): string {
  const length = source.everyDays * DAY;
  return dayOf(Math.floor((at - 5 * HOUR) / length) * length);
}
