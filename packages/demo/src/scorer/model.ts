/** One input of a model. */
export interface Feature {
  name: string;
  /** Contribution to the score per standard deviation. */
  weight: number;
  mean: number;
  /** Standard deviation; not 0. */
  scale: number;
  /** Taken when the caller sends no value. Without it the model cannot do without the feature. */
  default?: number;
}

/** A trained model as its artifact file holds it. */
export interface ScorerArtifact {
  format: 'slipway-scorer/1';
  model: string;
  version: string;
  description: string;
  /** A logistic model answers probabilities, a linear one the score itself. */
  kind: 'logistic' | 'linear';
  intercept: number;
  features: Feature[];
  /**
   * Milliseconds that asking a feature store for a missing value takes; without it defaults are at hand.
   */
  lookupMilliseconds?: number;
}

/** One row of inputs, by the features' names. */
export type Row = Record<string, unknown>;

/** A model that is loaded. */
export interface Scorer {
  artifact: ScorerArtifact;
  /**
   * Scores rows.
   * @throws Error when a row lacks a feature that the model needs, as a model that was trained on it does.
   */
  predict(rows: Row[]): Promise<number[]>;
}

/**
 * Makes a scorer of the text of an artifact.
 * @throws Error naming the field that is missing or wrong.
 */
export function loadScorer(text: string): Scorer {
  const artifact = readArtifact(JSON.parse(text));
  return {
    artifact,
    async predict(rows) {
      const scores: number[] = [];
      for (const row of rows) {
        let score = artifact.intercept;
        for (const feature of artifact.features) {
          const value = await valueOf(row, feature, artifact);
          score += (feature.weight * (value - feature.mean)) / feature.scale;
        }
        scores.push(
          artifact.kind === 'logistic' ? 1 / (1 + Math.exp(-score)) : score,
        );
      }
      return scores;
    },
  };
}

async function valueOf(
  row: Row,
  feature: Feature,
  artifact: ScorerArtifact,
): Promise<number> {
  const value = row[feature.name] ?? undefined;
  if (value !== undefined) {
    const number = Number(value);
    if (!Number.isFinite(number)) {
      throw new Error(`could not convert ${feature.name} to a number`);
    }
    return number;
  }
  if (feature.default === undefined) {
    throw new Error(`KeyError: '${feature.name}'`);
  }
  if (artifact.lookupMilliseconds) {
    await new Promise(resolve =>
      setTimeout(resolve, artifact.lookupMilliseconds),
    );
  }
  return feature.default;
}

function readArtifact(value: unknown): ScorerArtifact {
  const artifact = value as ScorerArtifact;
  if (artifact?.format !== 'slipway-scorer/1') {
    throw new Error('format must be "slipway-scorer/1"');
  }
  if (artifact.kind !== 'logistic' && artifact.kind !== 'linear') {
    throw new Error('kind must be "logistic" or "linear"');
  }
  if (!Number.isFinite(artifact.intercept)) {
    throw new Error('intercept must be a number');
  }
  if (!Array.isArray(artifact.features) || artifact.features.length === 0) {
    throw new Error('features must be a list that is not empty');
  }
  artifact.features.forEach((feature, i) => {
    const numbers = [feature.weight, feature.mean, feature.scale];
    if (
      typeof feature.name !== 'string' ||
      !numbers.every(Number.isFinite) ||
      feature.scale === 0
    ) {
      throw new Error(
        `features[${i}] must have a name, a weight, a mean and a scale that is not 0`,
      );
    }
  });
  return artifact;
}
