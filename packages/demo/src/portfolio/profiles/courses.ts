import { MetricCourse } from '../types';

/** Accuracy and F1 of a model over the year; both rise from version to version, with chance between them. */
export function quality(options: {
  accuracy: [from: number, to: number];
  f1: [from: number, to: number];
  /** Half the width of the intervals; the larger the sample, the smaller. */
  half?: number;
}): MetricCourse[] {
  const { accuracy, f1, half = 0.012 } = options;
  return [
    {
      name: 'accuracy',
      from: accuracy[0],
      to: accuracy[1],
      noise: 0.0015,
      half: half / 2,
      higherIsBetter: true,
    },
    {
      name: 'f1',
      from: f1[0],
      to: f1[1],
      noise: 0.003,
      half,
      higherIsBetter: true,
    },
  ];
}

/** What the gates of medium and high risk ask for besides. */
export function conduct(gap: [from: number, to: number]): MetricCourse[] {
  return [
    {
      name: 'fairness_gap',
      from: gap[0],
      to: gap[1],
      noise: 0.002,
      half: 0.009,
      higherIsBetter: false,
    },
    {
      name: 'robustness_drop',
      from: 0.014,
      to: 0.009,
      noise: 0.0015,
      half: 0.003,
      higherIsBetter: false,
    },
  ];
}

/** One more metric, of the model's own kind. */
export function own(
  name: string,
  [from, to]: [number, number],
  options: { better: 'higher' | 'lower'; unit?: string },
): MetricCourse {
  const scale = Math.abs(from);
  return {
    name,
    from,
    to,
    noise: scale * 0.003,
    half: scale * 0.008,
    ...(options.unit && { unit: options.unit }),
    higherIsBetter: options.better === 'higher',
  };
}
