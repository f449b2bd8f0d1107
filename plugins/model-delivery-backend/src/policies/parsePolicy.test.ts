import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parsePolicy } from './parsePolicy';

const high = readFileSync(
  resolve(__dirname, '../../policies/high.yaml'),
  'utf8',
);
const errorsOf = (change: (yaml: string) => string) => {
  const changed = change(high);
  expect(changed).not.toBe(high);
  return parsePolicy(changed).errors;
};

describe('a policy file', () => {
  it.each(['policies', '../../examples/policies'])(
    'of %s is valid',
    directory => {
      for (const risk of ['low', 'medium', 'high']) {
        const file = resolve(__dirname, '../..', directory, `${risk}.yaml`);
        expect(parsePolicy(readFileSync(file, 'utf8')).errors).toEqual([]);
      }
    },
  );

  it('is refused with the path of each error', () => {
    expect(
      errorsOf(yaml =>
        yaml.replace('tests.metrics.failed == 0.0', 'tests.metrics.failed =='),
      ),
    ).toEqual([
      {
        path: 'spec.gates[0].when',
        message: expect.stringMatching(/^is not CEL/),
      },
    ]);
    expect(
      errorsOf(yaml =>
        yaml.replace('[tests.metrics.coverage]', '[colour.metrics.coverage]'),
      ),
    ).toEqual([
      {
        path: 'spec.gates[1].requires[0]',
        message: expect.stringContaining(
          "'colour.metrics.coverage' is not a fact",
        ),
      },
      {
        path: 'spec.gates[1].when',
        message: 'uses tests.metrics.coverage without listing it in requires',
      },
    ]);
    expect(
      errorsOf(yaml => yaml.replace('- coverage\n', '- covrage\n')),
    ).toEqual([
      {
        path: 'spec.environments[0].gates[1]',
        message: expect.stringContaining("there is no gate 'covrage'"),
      },
    ]);
    expect(
      errorsOf(yaml =>
        yaml
          .replace('blocking', '')
          .replace('stage: evaluation', 'stage: guessing\n      colour: red'),
      ),
    ).toEqual([
      { path: 'spec.gates[6].stage', message: expect.any(String) },
      { path: 'spec.gates[6].colour', message: 'is not a known field' },
    ]);
    expect(errorsOf(yaml => yaml.replace('share: 25', 'share: 4'))).toEqual([
      {
        path: expect.stringMatching(
          /^spec.environments\[1\].rollout.steps\[1\].share$/,
        ),
        message: 'must be more than the 5 before',
      },
    ]);
    expect(
      errorsOf(yaml =>
        yaml.replace('minimumSamples: 250', 'minimumSamples: 20'),
      )[0].message,
    ).toContain('must be at least 189');
    expect(parsePolicy('a: [').errors[0].message).toContain('is no valid YAML');
    expect(parsePolicy('[]').errors).toHaveLength(1);
  });

  it('is refused when a condition cannot come to true or false', () => {
    const when = (condition: string) =>
      errorsOf(yaml =>
        yaml.replace('tests.metrics.failed == 0.0', condition),
      )[0];
    expect(when('tests.metrics.failed').message).toContain('comes to number');
    expect(when('tests.metrics.failed * 2 == 0.0').message).toContain(
      'no matching overload',
    );
    expect(
      when('tests.metrics.failed < production.metrics.failed').message,
    ).toContain('add || !has(production.metrics)');
    expect(when(`${'1.0 + '.repeat(160)}1.0 > 0.0`).message).toContain(
      'at most',
    );
  });
});
