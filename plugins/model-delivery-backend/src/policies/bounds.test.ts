import { compileCondition } from '../gates/condition';
import { ConditionError } from '../gates/conditionSyntax';
import { readPolicySet } from './policySet';
import { readPolicyYaml } from './readPolicyFile';
import { compareConditions } from './strictness/implies';

/** The most of a processor's time that anything hostile may cost, on a slow machine. */
const MOST_MS = 3_000;

/** What others do on the machine meanwhile takes time too, but none of this process's. */
function within<T>(work: () => T): T {
  const begin = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(begin);
  expect((user + system) / 1_000).toBeLessThan(MOST_MS);
  return result;
}

const numbered = (count: number, text: (i: number) => string, by = '\n') =>
  Array.from({ length: count }, (_, i) => text(i)).join(by);

describe('hostile YAML is refused in bounded time', () => {
  it.each([
    ['large', 'a'.repeat(70_000)],
    ['deep lists', '['.repeat(60_000)],
    ['deep blocks', '- '.repeat(30_000)],
    ['deep indentation', numbered(500, i => `${' '.repeat(i)}a:`)],
    ['complex keys', '? '.repeat(30_000)],
    ['complex keys, line by line', '?\n'.repeat(3_000)],
    ['complex keys in a list', `[${'? '.repeat(400)}]`],
    ['many errors', '}'.repeat(60_000)],
    ['many errors, line by line', `${'}'.repeat(900)}\n`.repeat(60)],
    ['many quotes', '"'.repeat(60_000)],
    ['many anchors', '&a '.repeat(20_000)],
    ['many tags', '!a '.repeat(20_000)],
    ['many lines', 'a\n'.repeat(30_000)],
    [
      'aliases of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij']
        .map(
          (name, i) =>
            `${name}: &${name} [${numbered(
              9,
              () => `*${'abcdefghij'[i]}`,
              ',',
            )}]`,
        )
        .join('\n')}`,
    ],
    ['an alias of itself', 'a: &a [*a]\nb: *a\n'.repeat(1)],
    ['a key that comes twice', 'a: 1\na: 2'],
  ])('%s', (_, text) => {
    const { problems, policies } = within(() =>
      readPolicySet({ builtIn: [], own: [{ file: 'x', text }] }),
    );
    expect(policies).toEqual([]);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThan(100);
  });

  it('many keys are read in good time', () => {
    expect(
      within(() => readPolicyYaml(numbered(2_900, i => `a${i}: 1`))).errors,
    ).toEqual([]);
  });

  it('many files', () => {
    const { problems } = within(() =>
      readPolicySet({
        builtIn: [],
        own: Array.from({ length: 5_000 }, (_, i) => ({
          file: String(i),
          text: 'a: 1',
        })),
      }),
    );
    expect(problems[0].message).toContain('at most 100');
  });
});

describe('hostile conditions are refused in bounded time', () => {
  it.each([
    ['brackets', `${'('.repeat(400)}1${')'.repeat(400)}`],
    ['negations', `${'!'.repeat(900)}true`],
    ['minuses', `${'- '.repeat(400)}1.0`],
    ['choices', `${'true ? 1.0 : '.repeat(70)}1.0 > 0.0`],
    ['lists', `${'['.repeat(400)}${']'.repeat(400)}`],
    [
      'loops in loops',
      `${'[1,2,3,4,5,6,7,8].all(x, '.repeat(9)}true${')'.repeat(9)}`,
    ],
    ['patterns', '"aaaaaaaaaaaaaaaaaaaaaaaaaaaa!".matches("(a+)+$")'],
    ['strings', `${'"aaaaaaaaaa" + '.repeat(60)}"a" == ""`],
    ['many parts', `${'1.0 < 2.0 && '.repeat(70)}true`],
  ])('%s', (_, text) => {
    within(() => expect(() => compileCondition(text)).toThrow(ConditionError));
  });

  it('a comparison with exponentially many cases is given up', () => {
    const cases = (prefix: string) =>
      numbered(
        8,
        i =>
          `(data.metrics.${prefix}${i} < 1.0 || data.metrics.${prefix}${i} > data.metrics.x)`,
        ' && ',
      );
    expect(
      within(() => compareConditions(cases('a'), 'data.metrics.z < 1.0')),
    ).toBe('undecided');
  });

  it('keeps only so many compiled conditions', () => {
    const first = compileCondition('data.metrics.first < 1.0');
    within(() =>
      Array.from({ length: 2_100 }, (_, i) =>
        compileCondition(`data.metrics.x < ${i}.0`),
      ),
    );
    expect(compileCondition('data.metrics.first < 1.0')).not.toBe(first);
  });
});
