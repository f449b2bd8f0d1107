import type { VersionChanges } from '@slipway/backstage-plugin-model-delivery-common';
import { standingOf } from './standing';

const changes = (
  readings: VersionChanges['metrics'][number]['reading'][],
  rest: Partial<VersionChanges> = {},
): VersionChanges => ({
  version: 'v2',
  against: 'v1',
  metrics: readings.map((reading, index) => ({
    name: `m${index}`,
    from: null,
    to: null,
    difference: null,
    reading,
  })),
  data: [],
  code: { from: null, to: 'c', commits: [] },
  configuration: [],
  parameters: [],
  ...rest,
});

describe('How a version stands against production', () => {
  it.each([
    [
      ['better', 'no-difference', 'not-comparable'],
      'better',
      'Ahead of v1 in 1 of 3 measures, behind in none',
    ],
    [['better', 'worse'], 'worse', 'Behind v1 in 1 of 2 measures, ahead in 1'],
    [['worse'], 'worse', 'Behind v1 in 1 of 1 measure, ahead in none'],
    [
      ['no-difference', 'not-comparable'],
      'no-difference',
      'No measure differs from v1 beyond chance',
    ],
    [
      ['not-comparable'],
      'not-comparable',
      'Nothing measured to compare with v1',
    ],
    [[], 'not-comparable', 'Nothing measured to compare with v1'],
  ] as const)('reads %j as %s', (readings, reading, text) => {
    expect(standingOf(changes([...readings]))).toEqual({ reading, text });
  });

  it('says that there is nothing to compare with, or that it is the very one', () => {
    expect(
      standingOf(changes(['not-comparable'], { against: null })).text,
    ).toBe('Nothing serves in production to compare it with');
    expect(standingOf(changes(['better'], { against: 'v2' })).text).toBe(
      'It serves in production',
    );
  });
});
