import { OutsideChange } from '@slipway/backstage-plugin-model-delivery-common';
import { listing, round } from '../words';

/** One version's share of what is expected or found. */
export type Share = OutsideChange['expected'][number];

/** Shares this far apart, in percent, are the same: targets round. */
export const TOLERANCE = 0.5;

/** Whether two divisions of traffic are the same; versions without traffic don't matter. Pure. */
export function isSameDivision(one: Share[], other: Share[]): boolean {
  const shareOf = (shares: Share[], version: string) =>
    shares
      .filter(each => each.version === version)
      .reduce((sum, each) => sum + each.share, 0);
  return [...one, ...other].every(
    ({ version }) =>
      Math.abs(shareOf(one, version) - shareOf(other, version)) <= TOLERANCE,
  );
}

/** The version that was found and not expected, or not so much of it: what an adoption would be about. Pure. */
export function strangerOf(expected: Share[], found: Share[]): string {
  const surplus = ({ version, share }: Share) =>
    share - (expected.find(each => each.version === version)?.share ?? 0);
  return [...found].sort((a, b) => surplus(b) - surplus(a))[0].version;
}

/** Shares in words, such as `v3 with 60 % and v2 with 40 %`. */
export function sharesText(shares: Share[]): string {
  return shares.length === 1 && shares[0].share >= 100 - TOLERANCE
    ? shares[0].version
    : listing(
        shares.map(
          ({ version, share }) => `${version} with ${round(share, 1)} %`,
        ),
      );
}

/** What happened, in one sentence. Pure. */
export function statementOf(
  change: Pick<
    OutsideChange,
    'kind' | 'environment' | 'alias' | 'expected' | 'found'
  >,
): string {
  const { expected, found } = change;
  return change.kind === 'alias'
    ? `The alias ${change.alias} of the registry names ${sharesText(
        found,
      )} instead of ${sharesText(expected)}`
    : `${sharesText(found)} serves in ${change.environment}, where ${sharesText(
        expected,
      )} should`;
}
