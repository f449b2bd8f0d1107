import type { CardFreshness } from '@slipway/backstage-plugin-model-delivery-common';
import type { Tone } from '../../components';

/** How fresh a card is, in a few words and a colour that says what the policy's gate says. */
export function freshnessText({ ageDays, policy }: CardFreshness): {
  text: string;
  tone: Tone;
} {
  const age = ageDays === null ? 'Age not reported' : `${days(ageDays)} old`;
  if (!policy) {
    return {
      text: ageDays === null ? age : `${age}; no policy asks`,
      tone: 'neutral',
    };
  }
  const asked =
    policy.maxDays === null
      ? `the policy’s gate says ${policy.verdict}`
      : `policy asks ≤ ${policy.maxDays}`;
  const tones: Partial<Record<typeof policy.verdict, Tone>> = {
    passed: 'ok',
    failed: 'failed',
    error: 'error',
  };
  return {
    text: `${age}; ${asked}`,
    tone: tones[policy.verdict] ?? 'warned',
  };
}

function days(age: number): string {
  const rounded = Math.round(age * 10) / 10;
  return `${rounded} ${rounded === 1 ? 'day' : 'days'}`;
}
