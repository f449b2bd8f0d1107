import fc from 'fast-check';
import {
  fewestSamplesToPass,
  InvalidSampleError,
  samplesToDetect,
} from './index';

const margin = fc.double({ min: 0.001, max: 0.2, noNaN: true });

describe('samplesToDetect', () => {
  it('asks for more the surer one wants to be, the smaller the margin, and the more is judged', () => {
    fc.assert(
      fc.property(margin, margin, (a, b) => {
        const [small, large] = [a, b].sort((x, y) => x - y);
        expect(samplesToDetect({ margin: small })).toBeGreaterThanOrEqual(
          samplesToDetect({ margin: large }),
        );
        const of = (options: object) =>
          samplesToDetect({ margin: a, ...options });
        expect(of({ power: 0.99 })).toBeGreaterThanOrEqual(of({ power: 0.8 }));
        expect(of({ judgements: 8 })).toBeGreaterThanOrEqual(of({}));
        expect(of({ controlPerCandidate: 19 })).toBeLessThanOrEqual(of({}));
      }),
    );
  });

  it('asks for more than a pass needs', () => {
    fc.assert(
      fc.property(margin, each => {
        expect(samplesToDetect({ margin: each })).toBeGreaterThanOrEqual(
          fewestSamplesToPass({ margin: each }),
        );
      }),
    );
  });

  it('never finds what is not beyond the margin', () => {
    expect(
      samplesToDetect({ margin: 0.02, controlRate: 0.01, candidateRate: 0.03 }),
    ).toBe(Infinity);
  });

  it('refuses what cannot be', () => {
    expect(() => samplesToDetect({ margin: 0 })).toThrow(InvalidSampleError);
    expect(() => samplesToDetect({ margin: 0.1, candidateRate: 2 })).toThrow(
      'candidateRate must lie between 0 and 1; it is 2',
    );
    expect(() => samplesToDetect({ margin: 0.1, power: 0.4 })).toThrow(
      'power must be at least 0.5 and less than 1; it is 0.4',
    );
    expect(() =>
      samplesToDetect({ margin: 0.1, controlPerCandidate: 0 }),
    ).toThrow('controlPerCandidate must be a finite number above 0; it is 0');
  });
});
