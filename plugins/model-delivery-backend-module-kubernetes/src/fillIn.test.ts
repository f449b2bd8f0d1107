import { fillIn } from './fillIn';

const version = {
  version: '7',
  digest: `sha256:${'7'.repeat(64)}`,
  artifactDigest: `sha256:${'a'.repeat(64)}`,
  parameters: { size: 'small' },
  configuration: [
    { name: 'prompts/answer', digest: `sha256:${'b'.repeat(64)}` },
    { name: 'tools', digest: 'v3' },
    { name: 'evil', digest: '../../etc' },
  ],
};
const fill = (text: string) => fillIn(text, 'model:default/helper', version);

it('knows the configuration that belongs to a release', () => {
  expect(
    fill(
      '{parameters.size}-{configuration.prompts/answer}-{configuration.tools}',
    ),
  ).toBe(`small-${'b'.repeat(64)}-v3`);
});

it('refuses what the release has not, and what would change an address', () => {
  expect(() => fill('{configuration.retrieval}')).toThrow(
    'The version 7 has no configuration.retrieval, which the configuration asks for',
  );
  expect(() => fill('{configuration.evil}')).toThrow(
    'cannot stand in an address',
  );
});
