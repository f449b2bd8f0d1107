import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { builtInPolicies } from './policySources';
import { readPolicySet } from './policySet';
import { PolicyText } from './Resolver';

const guide = readFileSync(
  resolve(__dirname, '../../../../docs/writing-policies.md'),
  'utf8',
);

/** The examples of the guide by the folder that their first lines name. */
function exampleSets(): Map<string, PolicyText[]> {
  const sets = new Map<string, PolicyText[]>();
  for (const [, folder, file, text] of guide.matchAll(
    /```yaml\n# ([a-z-]+)\/([a-z-]+\.yaml)\n([^`]+)```/g,
  )) {
    sets.set(folder, [...(sets.get(folder) ?? []), { file, text }]);
  }
  return sets;
}

describe('the guide to writing policies', () => {
  const sets = exampleSets();
  const read = async (folder: string) =>
    readPolicySet({
      builtIn: await builtInPolicies().read(),
      own: sets.get(folder)!,
    });

  it.each([
    ['tighter', 'high-large', ['large']],
    ['one-for-high', 'high', ['small', 'medium', 'large']],
    ['anew', 'low', ['small', 'medium', 'large']],
  ])('has examples in %s that come into force', async (folder, name, sizes) => {
    const { policies, problems } = await read(folder);
    expect(problems).toEqual([]);
    const policy = policies.find(each => each.name === name)!;
    expect(policy.teamSizes).toEqual(sizes);
    expect(policy.file).toBe(`${name}.yaml`);
  });

  it('has an example that is refused, with the words that it is refused with', async () => {
    const { problems } = await read('looser');
    const [, told] = /```text\n([^`]+)```/.exec(guide)!;
    expect(
      problems.map(each => `${each.file}: ${each.path} ${each.message}`),
    ).toEqual(told.trim().split('\n'));
  });

  it('is right that one tightens from above', async () => {
    const text = sets
      .get('looser')![0]
      .text.replaceAll('high-small', 'low-small')
      .replace('risk: high', 'risk: low')
      .replace('0.7', '0.9');
    const { problems } = readPolicySet({
      builtIn: await builtInPolicies().read(),
      own: [{ file: 'low-small.yaml', text }],
    });
    expect(problems.map(each => each.file)).toContain(
      'built-in/medium-small.yaml',
    );
  });

  it('leaves out no example', () => {
    expect([...sets.keys()]).toEqual([
      'tighter',
      'one-for-high',
      'anew',
      'looser',
    ]);
  });
});
