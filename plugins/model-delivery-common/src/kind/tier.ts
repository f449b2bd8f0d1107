/**
 * What a wrong answer of a model may do. Credit, health, safety, employment and the like are `high`.
 * @public
 */
export type ModelRisk = 'low' | 'medium' | 'high';

/**
 * How many engineers stand behind a model: `small` is 2 to 5, `medium` 5 to 15, `large` more.
 * @public
 */
export type ModelTeamSize = 'small' | 'medium' | 'large';

/**
 * How strict the policy of a model is.
 * @public
 */
export type ModelTier = 'streamlined' | 'standard' | 'comprehensive';

const TIERS: Readonly<Record<ModelRisk, ModelTier>> = {
  low: 'streamlined',
  medium: 'standard',
  high: 'comprehensive',
};

/**
 * The tier of a risk. The risk alone decides it; the team's size decides how much machinery comes with the tier.
 * @public
 */
export function tierOf(risk: ModelRisk): ModelTier {
  return TIERS[risk];
}
