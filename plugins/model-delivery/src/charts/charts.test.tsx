import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { ChartFigure } from './ChartFigure';
import { DifferenceInterval } from './DifferenceInterval';
import { spread } from './EndLabels';
import {
  formatDifference,
  formatNumber,
  formatShare,
  formatSpan,
  niceTicks,
} from './numbers';
import { Sparkline } from './Sparkline';

describe('numbers', () => {
  it('writes a true minus, a plus where asked for, and no sign for zero', () => {
    expect(formatNumber(-0.07, { digits: 2 })).toBe('−0.07');
    expect(formatNumber(1234.5, { digits: 0, signed: true })).toBe('+1,235');
    expect(formatNumber(-0.001, { digits: 2, signed: true })).toBe('0.00');
  });

  it('writes shares in percent and their differences in points', () => {
    expect(formatShare(0.0034)).toBe('0.34\u00a0%');
    expect(formatShare(0.966)).toBe('96.6\u00a0%');
    expect(formatDifference(-0.0007, { kind: 'share' })).toBe('−0.07');
  });

  it('writes spans in the unit one would say', () => {
    expect(formatSpan(42)).toBe('42\u00a0s');
    expect(formatSpan(13 * 60)).toBe('13\u00a0min');
    expect(formatSpan(18.5 * 3600)).toBe('18.5\u00a0h');
    expect(formatSpan(24 * 3600)).toBe('24\u00a0h');
    expect(formatSpan(7.3 * 86_400)).toBe('7.3\u00a0d');
  });
});

describe('niceTicks', () => {
  it('are round and reach the top', () => {
    expect(niceTicks(1.1)).toEqual([0, 0.5, 1, 1.5]);
    expect(niceTicks(118)).toEqual([0, 50, 100, 150]);
    expect(niceTicks(100)).toEqual([0, 25, 50, 75, 100]);
    expect(niceTicks(0.0091)).toHaveLength(5);
  });
});

describe('DifferenceInterval', () => {
  it('says in words what it draws', () => {
    render(
      <DifferenceInterval
        label="Error rate"
        estimate={-0.0007}
        low={-0.0042}
        high={0.0029}
        margin={0.005}
        quantity={{ kind: 'share' }}
      />,
    );
    expect(
      screen.getByRole('img', {
        name: 'Error rate: difference −0.07 points (−0.42 to +0.29), 95 % interval, may get worse by at most 0.50 points upwards',
      }),
    ).toBeInTheDocument();
    expect(
      screen.getByText('−0.07 points (−0.42 to +0.29)'),
    ).toBeInTheDocument();
  });
});

describe('Sparkline', () => {
  it('draws nothing when nothing was counted', () => {
    const { container } = render(
      <Sparkline values={[null, null]} label="Rework rate" />,
    );
    expect(container).toBeEmptyDOMElement();
  });

  it('leaves a gap where there is no data', () => {
    render(
      <Sparkline values={[1, 2, null, 2, 3]} label="Deployments per week" />,
    );
    const lines = screen
      .getByRole('img', { name: 'Deployments per week' })
      .querySelectorAll('path');
    expect(lines).toHaveLength(2);
  });
});

describe('ChartFigure', () => {
  it('gives the numbers as a table, and says where there are none', async () => {
    render(
      <ChartFigure
        title="Lead time"
        alternative="Median lead time fell from 31 to 18.5 hours."
        height={100}
        table={{ columns: ['Week', 'Median'], rows: [['9 Nov', null]] }}
      >
        <svg />
      </ChartFigure>,
    );
    expect(
      screen.getByRole('img', {
        name: 'Median lead time fell from 31 to 18.5 hours.',
      }),
    ).toBeInTheDocument();

    await userEvent.click(screen.getByRole('button', { name: 'As a table' }));

    const row = screen.getByRole('row', { name: /9 Nov/ });
    expect(within(row).getByRole('cell')).toHaveTextContent('No data');
    expect(screen.queryByRole('img')).not.toBeInTheDocument();
  });
});

describe('end labels', () => {
  it('are pushed apart and stay inside the chart', () => {
    expect(spread([10, 12, 96], 0, 100)).toEqual([10, 24, 96]);
    expect(spread([90, 95, 99], 0, 100)).toEqual([72, 86, 100]);
  });
});
