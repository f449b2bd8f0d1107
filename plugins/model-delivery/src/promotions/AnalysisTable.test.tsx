import { renderInTestApp } from '@backstage/frontend-test-utils';
import { MetricAnalysis } from '@slipway/backstage-plugin-model-delivery-common';
import { screen, within } from '@testing-library/react';
import { AnalysisTable } from './AnalysisTable';

const shift: MetricAnalysis = {
  metric: 'score-shift',
  title: 'Shift of scores',
  kind: 'shift',
  unit: 'spread',
  control: { value: 0.412, samples: 5000 },
  candidate: { value: 0.431, samples: 2500 },
  difference: { estimate: -0.024, low: -0.061, high: 0.013, level: 0.95 },
  margin: 0.1,
  verdict: 'pass',
  explanation: 'scores are shifted by -2.4 %',
};

const rowOf = (name: RegExp) => screen.getByRole('row', { name });

it('shows the scores of both sides, and how far they may move either way', async () => {
  renderInTestApp(
    <AnalysisTable
      label="Step"
      analysis={[
        shift,
        {
          ...shift,
          metric: 'score-ks',
          title: 'Distance of scores',
          kind: 'distance',
          difference: { estimate: 0.21, low: 0.17, high: 0.25, level: 0.95 },
          verdict: 'fail',
          explanation: 'the distribution of scores differs by up to 21 points',
        },
        {
          ...shift,
          metric: 'score-psi',
          title: 'Stability of scores',
          kind: 'stability',
          candidate: { value: null, samples: 0 },
          difference: null,
          verdict: 'inconclusive',
          explanation: 'scores: the candidate gave none',
        },
      ]}
      minimumSamples={2500}
    />,
  );
  await screen.findByRole('table');
  const moved = within(rowOf(/Shift of scores/));
  moved.getByRole('img', {
    name: /difference −2.4 % of spread \(−6.1 to \+1.3\).*±?10 % of spread either way/,
  });
  expect(moved.getAllByText('median')).toHaveLength(2);
  moved.getByText('0.431');
  moved.getByText('±10');
  moved.getByText('within the margin');

  const apart = within(rowOf(/Distance of scores/));
  apart.getByText('Kolmogorov-Smirnov distance');
  apart.getByRole('img', {
    name: /difference 21\.0 points \(17\.0 to 25\.0\)/,
  });
  apart.getByText('The distribution of scores differs by up to 21 points');

  const unknown = within(rowOf(/Stability of scores/));
  unknown.getByText('Scores: the candidate gave none');
});
