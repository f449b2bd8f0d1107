import { groups, measures, report } from '../../dev/fixtures';
import { measureText, sampleText, targetText } from './measureText';
import { metricsCsv } from './metricsCsv';
import { readMetricsQuery, writeMetricsQuery } from './metricsQuery';
import { periodProblem, periodText, recentWeeks } from './period';

const NOW = Date.parse('2026-11-20T14:12:06Z');

describe('period', () => {
  it('begins on a Monday and ends with today', () => {
    const period = recentWeeks(12, NOW);
    expect(period).toEqual({ from: '2026-08-31', to: '2026-11-21' });
    expect(periodText(period)).toBe('31 Aug to 20 Nov 2026');
    expect(recentWeeks(4, Date.parse('2026-11-22T23:59:59Z')).from).toBe(
      '2026-10-26',
    );
    expect(recentWeeks(4, Date.parse('2026-11-23T00:00:00Z')).from).toBe(
      '2026-11-02',
    );
  });

  it('says what is wrong with typed days', () => {
    expect(periodProblem({ from: '', to: '2026-11-21' })).toMatch(/both days/);
    expect(periodProblem({ from: '2026-11-21', to: '2026-11-20' })).toMatch(
      /must not come after/,
    );
    expect(periodProblem({ from: '2025-01-01', to: '2026-11-20' })).toMatch(
      /370 days/,
    );
  });
});

describe('the address of the page', () => {
  it('is read and written back the same', () => {
    const address =
      'from=2026-08-24&to=2026-11-16&owner=group%3Adefault%2Ffraud&risk=high&change=data&by=model&events=lead-time';
    const query = readMetricsQuery(new URLSearchParams(address), NOW);
    expect(query.weeks).toBe('custom');
    expect(writeMetricsQuery(query).toString()).toBe(address);
  });

  it('stays empty for the page as it opens, and forgets nonsense', () => {
    const query = readMetricsQuery(
      new URLSearchParams('risk=enormous&weeks=7'),
      NOW,
    );
    expect(query.weeks).toBe(12);
    expect(writeMetricsQuery(query).toString()).toBe('');
  });
});

describe('measures in words', () => {
  const words = measures.map(measure =>
    [measureText(measure), targetText(measure), sampleText(measure)].map(
      text => text?.replace(/\u00a0/g, ' ') ?? null,
    ),
  );

  it('have units, targets and samples', () => {
    expect(words).toEqual([
      [
        '33.3 per week',
        'target at least one in 4.3 weeks',
        'n = 399 deployments',
      ],
      ['18.5 h', 'target under 24 h', 'n = 231 changes'],
      ['6.2 %', 'target under 5 %', '26 of 418 deployments'],
      ['13 min', 'target under 15 min', 'n = 26 failures'],
      [null, null, 'n = 0 deployments'],
      ['0.5 %', null, '2 of 418 deployments'],
      ['96.6 %', 'target over 95 %', '8,872 of 9,184 finished runs'],
      ['3 changes', null, '3 raised'],
    ]);
  });
});

describe('CSV', () => {
  it('leaves cells without data empty and disarms formulas', () => {
    const [first] = groups.items;
    const csv = metricsCsv(report, {
      by: 'owner',
      items: [{ ...first, key: '=HYPERLINK("x"),1' }],
    });
    const lines = csv.split('\r\n');
    expect(lines.find(line => line.includes('rework-rate'))).toBe(
      'period,,2026-08-24T00:00:00.000Z,2026-11-16T00:00:00.000Z,rework-rate,,share,,0,0,0,,',
    );
    expect(csv).toContain(`"'=HYPERLINK(""x""),1"`);
  });
});
