import { render, screen } from '@testing-library/react';
import {
  Duration,
  formatCoarse,
  formatDuration,
  formatInterval,
  formatMeasurement,
  formatRelative,
  metricTitle,
  readAgainst,
  shortDigest,
  StateLabel,
  Time,
  VerdictIcon,
} from '.';
import * as states from './states';

const NOW = Date.parse('2026-11-20T14:12:00Z');
const before = (seconds: number) => NOW - seconds * 1000;

describe('times', () => {
  it.each([
    [0, 'now'],
    [40, '40 s ago'],
    [59 * 60 + 59, '59 min ago'],
    [3 * 3600, '3 h ago'],
    [51 * 86_400, '51 d ago'],
    [-180, 'in 3 min'],
  ])('says a moment %d s ago as "%s"', (seconds, text) => {
    expect(formatRelative(before(seconds), NOW)).toBe(text);
  });

  it('cuts spans and never rounds them up', () => {
    expect(formatCoarse(119)).toBe('1 min');
    expect(formatDuration(4 * 3600 + 7 * 60 + 59)).toBe('4 h 7 min');
    expect(formatDuration(3600)).toBe('1 h');
    expect(formatDuration(0)).toBe('0 s');
    expect(formatDuration(2000 * 86_400)).toBe('2,000 d');
  });

  it('holds the exact moment for machines and on hover', () => {
    render(<Time at="2026-11-05T10:14:00Z" />);
    const time = screen.getByText(/ago|in /);
    expect(time).toHaveAttribute('datetime', '2026-11-05T10:14:00.000Z');
    expect(time.title).toMatch(/^2026-11-05 10:14:00 UTC/);
  });

  it('measures what is over from one end to the other', () => {
    render(<Duration from="2026-11-05T10:14:00Z" to="2026-11-05T10:52:00Z" />);
    expect(screen.getByText('38 min')).toBeInTheDocument();
  });
});

describe('states', () => {
  it('says each verdict by a word and draws each by a shape of its own', () => {
    const shown = Object.values(states.verdicts);
    expect(new Set(shown.map(({ label }) => label)).size).toBe(shown.length);
    expect(new Set(shown.map(({ icon }) => icon)).size).toBe(shown.length);
  });

  it('never draws technical trouble like a failure', () => {
    const pairs = [
      [states.verdicts.error, states.verdicts.failed],
      [states.promotionStates.errored, states.promotionStates.blocked],
      [states.runOutcomes.error, states.runOutcomes.failure],
    ];
    pairs.forEach(([error, failed]) => {
      expect(error.tone).not.toBe(failed.tone);
      expect(error.icon).not.toBe(failed.icon);
    });
  });

  it('keeps the word where there is only room for the icon', () => {
    render(
      <>
        <StateLabel promotion="awaiting-approval" />
        <VerdictIcon verdict="no-evidence" />
      </>,
    );
    expect(screen.getByText('Awaiting approval')).toBeInTheDocument();
    expect(
      screen.getByRole('img', { name: 'No evidence' }),
    ).toBeInTheDocument();
  });
});

describe('measurements', () => {
  it('writes names and values as a person would', () => {
    expect(metricTitle('roc_auc')).toBe('ROC AUC');
    expect(metricTitle('fairness_gap')).toBe('Fairness gap');
    expect(metricTitle('latency_p95')).toBe('Latency p95');
    expect(formatMeasurement({ value: 0.061, unit: 'share' })).toMatch(
      /^6\.1\s%$/,
    );
    expect(formatMeasurement({ value: 86, unit: 'ms' })).toMatch(/^86\sms$/);
    expect(formatMeasurement({ value: 9 }, [9, 78])).toBe('9');
    expect(formatMeasurement({ value: 1 }, [1, 0.5])).toBe('1.00');
    expect(
      formatInterval({
        name: 'f1',
        value: 0.84,
        interval: { low: 0.83, high: 0.85, level: 0.95 },
      }),
    ).toBe('0.830 to 0.850');
    expect(formatInterval({ name: 'f1', value: 0.84 })).toBeNull();
  });

  it('sees a difference only where intervals do not overlap, and minds the direction', () => {
    const f1 = (value: number, higherIsBetter?: boolean) => ({
      name: 'f1',
      value,
      interval: { low: value - 0.01, high: value + 0.01, level: 0.95 },
      higherIsBetter,
    });
    expect(readAgainst(f1(0.9, true), f1(0.8, true))).toBe('better');
    expect(readAgainst(f1(0.9, false), f1(0.8, false))).toBe('worse');
    expect(readAgainst(f1(0.81, true), f1(0.8, true))).toBe('no-difference');
    expect(readAgainst(f1(0.9), f1(0.8))).toBe('not-comparable');
    expect(readAgainst(f1(0.9, true), undefined)).toBe('not-comparable');
    expect(readAgainst(f1(0.9, true), { name: 'f1', value: 0.8 })).toBe(
      'not-comparable',
    );
    // As the server reads them
    expect(readAgainst(f1(0.81), f1(0.8))).toBe('no-difference');
    const exact = { name: 'failures', value: 0 };
    expect(readAgainst(exact, exact)).toBe('no-difference');
    expect(readAgainst(exact, { ...exact, value: 1 })).toBe('not-comparable');
    const at99 = {
      ...f1(0.7, true),
      interval: { low: 0, high: 1, level: 0.99 },
    };
    expect(readAgainst(f1(0.9, true), at99)).toBe('not-comparable');
  });
});

describe('digests', () => {
  it('keeps what tells them apart', () => {
    expect(shortDigest(`sha256:9c41${'0'.repeat(56)}52af`)).toBe('9c41…52af');
    expect(shortDigest('4b7d2e9f00aa', true)).toBe('4b7d2e9');
    expect(shortDigest('short')).toBe('short');
  });
});
