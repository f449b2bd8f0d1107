import { railOf } from './rail';
import { errored, rolledBack, rollingOut } from '../../dev/fixtures';

const states = (promotion: Parameters<typeof railOf>[0]) =>
  railOf(promotion).map(one => `${one.position} ${one.state}`);

describe('railOf', () => {
  it('tells what was passed, what is and what comes', () => {
    expect(states(rollingOut)).toEqual([
      'done requested',
      'done evaluating',
      'done awaiting-approval',
      'done scheduled',
      'current rolling-out',
      'ahead succeeded',
    ]);
    expect(railOf(rollingOut)[2].seconds).toBe(292 * 60);
  });

  it('tells the last pass only when a promotion came back to a state', () => {
    const at = '2026-11-20T10:00:00Z';
    expect(
      states({
        ...rollingOut,
        slotsTotal: 0,
        state: 'evaluating',
        history: [
          { state: 'requested', at },
          { state: 'evaluating', at },
          { state: 'blocked', at },
          { state: 'evaluating', at },
        ],
      }),
    ).toEqual([
      'done requested',
      'current evaluating',
      'ahead scheduled',
      'ahead rolling-out',
      'ahead succeeded',
    ]);
  });

  it('promises nothing after an end, and only the way back while rolling back', () => {
    expect(states(rolledBack).at(-1)).toBe('done rolled-back');
    expect(
      states({
        ...rolledBack,
        state: 'rolling-back',
        history: rolledBack.history.slice(0, -1),
      }).slice(-2),
    ).toEqual(['current rolling-back', 'ahead rolled-back']);
  });

  it('shows technical trouble as the present station, with the way still ahead', () => {
    expect(states(errored).slice(-3)).toEqual([
      'current errored',
      'ahead rolling-out',
      'ahead succeeded',
    ]);
  });
});
