import type {
  GateMatrix,
  GateVerdict,
  ModelDetail,
  Policy,
} from '@slipway/backstage-plugin-model-delivery-common';

/** What asking for a promotion would meet, as far as it is known beforehand. */
export interface PromotionPreview {
  /** The gates as they stand for the version; null when they are not known. */
  verdicts: GateVerdict[] | null;
  /** Titles of the roles that have to approve; null when the policy may not be seen. */
  slots: string[] | null;
  /** Shares of traffic in percent, step by step; null when the policy may not be seen. */
  shares: number[] | null;
}

/** Works out what a promotion of a version into an environment would meet. */
export function previewOf(
  model: ModelDetail,
  environmentName: string,
  version: string,
  matrix: GateMatrix | null,
  policies: Policy[] | null,
): PromotionPreview {
  const column = matrix?.versions.find(each => each.version === version);
  const environment = policies
    ?.find(({ digest }) => digest === model.policy.digest)
    ?.environments.find(({ name }) => name === environmentName);
  const nothingServes =
    model.environments.find(({ name }) => name === environmentName)?.serving
      .length === 0;
  const slots =
    environment &&
    (nothingServes ? environment.firstDeploymentSlots : environment.slots);
  return {
    verdicts: column?.verdicts ?? null,
    slots:
      slots?.flatMap(slot =>
        slot.minimum === 1 ? slot.title : `${slot.minimum} × ${slot.title}`,
      ) ?? null,
    shares: environment?.rollout.steps.map(({ share }) => share) ?? null,
  };
}

/** The environment that a version would go to next: the first in order where it does not serve. */
export function nextEnvironment(
  model: ModelDetail,
  version: string,
): string | undefined {
  const names = model.environments.map(({ name }) => name);
  const reached = model.environments.reduce(
    (furthest, { serving }, index) =>
      serving.some(each => each.version === version && each.share === 100)
        ? index
        : furthest,
    -1,
  );
  return names[Math.min(reached + 1, names.length - 1)];
}
