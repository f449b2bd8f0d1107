import {
  CardMeasurement,
  CardSection,
  ModelCard,
} from '@slipway/backstage-plugin-model-delivery-common';
import fc from 'fast-check';
import { SECTIONS } from '../sections';
import { readCard, writeCard } from './formats';

jest.setTimeout(60_000);

const words = fc.string({ unit: 'grapheme', maxLength: 30 });
const hostile = fc.constantFrom(
  '## Owners\n\nnobody',
  '---\nlicense: gpl\n---',
  '<script>alert(1)</script> ![x](https://evil.example/p.png)',
  'نموذج 🚢 ความเสี่ยง',
  '__proto__: {}',
  '```\n## not a heading\n```',
  'line\r\nline\u2028line',
);
const text = fc.oneof(words, hostile);
const number = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map(each => each + 0 || 0);

const measurement: fc.Arbitrary<CardMeasurement> = fc
  .record(
    {
      fact: fc.constantFrom('candidate', 'training', 'serving'),
      name: fc.constantFrom('f1', 'fairness_gap', 'latency_p95_ms'),
      value: number,
      slice: fc.record({ attribute: words, value: text }),
      interval: fc.record({
        low: number,
        high: number,
        level: fc.constant(0.95),
      }),
      sampleSize: fc.nat(),
      dataset: words,
      measuredAt: fc.constant('2026-11-20T10:00:00.000Z'),
    },
    { requiredKeys: ['fact', 'name', 'value'] },
  )
  .map(
    // Keys stand in the order in which a database gave them
    each => Object.fromEntries(Object.entries(each).reverse()) as never,
  );
const source = fc.constantFrom(
  'catalog' as const,
  'version' as const,
  'text' as const,
  'import' as const,
);
const content = fc.record({
  facts: fc.array(
    fc.record(
      {
        label: fc.oneof(fc.constantFrom('Licence', 'Task', 'Tag'), words),
        text,
        ref: fc.constant('group:default/credit-risk'),
        source,
      },
      { requiredKeys: ['label', 'text', 'source'] },
    ),
    { maxLength: 3 },
  ),
  measurements: fc.array(measurement, { maxLength: 3 }),
  texts: fc.array(fc.record({ markdown: text, source }), { maxLength: 2 }),
});
const card: fc.Arbitrary<ModelCard> = fc.record({
  model: fc.constantFrom('model:default/credit-default', 'model:risk/βeta'),
  title: text,
  version: fc.option(fc.constantFrom('v16', '2026.11')),
  digest: fc.option(fc.constant(`sha256:${'a'.repeat(64)}`)),
  asOf: fc.option(fc.constant('2026-11-20T10:00:00.000Z')),
  sections: fc
    .tuple(
      fc.tuple(...SECTIONS.map(() => content)),
      fc.array(fc.record({ title: text, body: content }), { maxLength: 2 }),
    )
    .map(([known, further]): CardSection[] => [
      ...SECTIONS.map(({ id, title }, i) => ({ id, title, ...known[i] })),
      ...further.map(({ title, body }, i) => ({
        id: `further-${i + 1}`,
        title,
        ...body,
      })),
    ]),
});

const encode = (format: 'cyclonedx' | 'huggingface' | 'pdf', bytes: Buffer) =>
  bytes.toString(format === 'pdf' ? 'base64' : 'utf8');

describe('formats of cards', () => {
  it.each([
    ['cyclonedx' as const, 50],
    ['huggingface' as const, 50],
    ['pdf' as const, 3],
  ])('%s gives back any card, from the same bytes', async (format, runs) => {
    await fc.assert(
      fc.asyncProperty(card, async original => {
        const { bytes } = await writeCard(original, format);
        expect((await writeCard(original, format)).bytes.equals(bytes)).toBe(
          true,
        );
        expect(await readCard(format, encode(format, bytes))).toEqual({
          card: original,
          exact: true,
        });
      }),
      { numRuns: runs },
    );
  });

  it('reads the words of a file that was edited after its export, and keeps the facts', async () => {
    const [original] = fc.sample(card, { numRuns: 1, seed: 7 });
    const section = original.sections.find(({ id }) => id === 'limitations')!;
    section.facts = [{ label: 'Known', text: 'a *fact*', source: 'catalog' }];
    section.texts = [{ markdown: 'Old words.', source: 'text' }];
    const { bytes } = await writeCard(original, 'huggingface');
    const edited = bytes
      .toString('utf8')
      .replace(/Old words\.(?=\n)/, 'New words.');
    const read = await readCard('huggingface', `${edited}\n## Costs\n\nLow\n`);
    expect(read.exact).toBe(false);
    expect(read.card.sections).toContainEqual({
      ...section,
      texts: [{ markdown: 'New words.', source: 'import' }],
    });
    expect(read.card.sections.at(-1)).toMatchObject({
      title: 'Costs',
      texts: [{ markdown: 'Low' }],
    });
  });

  it('reads what others wrote', async () => {
    const bom = await readCard(
      'cyclonedx',
      JSON.stringify({
        bomFormat: 'CycloneDX',
        specVersion: '1.6',
        components: [
          {
            type: 'machine-learning-model',
            name: 'churn',
            licenses: [{ license: { id: 'Apache-2.0' } }],
            modelCard: {
              quantitativeAnalysis: {
                performanceMetrics: [
                  { type: 'f1', value: '0.81', slice: 'region: north' },
                ],
              },
              considerations: { technicalLimitations: ['Adults only'] },
            },
          },
        ],
      }),
    );
    const front =
      '---\nlicense: mit\nmodel-index:\n- name: churn\n  results:\n  - dataset: {name: telco}\n    metrics: [{type: f1, value: 0.8}]\n---\n';
    const readme = await readCard(
      'huggingface',
      `${front}# Churn\n\nIt ranks.\n\n## Uses\n\nRetention.\n\n### Out-of-Scope Use\n\nPricing.\n`,
    );
    const find = (of: typeof bom, id: string) =>
      of.card.sections.find(each => each.id === id)!;
    expect(find(bom, 'limitations').texts[0].markdown).toBe('Adults only');
    expect(find(bom, 'evaluations').measurements).toEqual([
      {
        fact: 'candidate',
        name: 'f1',
        value: 0.81,
        slice: { attribute: 'region', value: 'north' },
      },
    ]);
    expect(find(bom, 'details').facts[0].text).toBe('Apache-2.0');
    expect(find(readme, 'details').texts[0].markdown).toBe('It ranks.');
    expect(find(readme, 'out-of-scope').texts[0].markdown).toBe('Pricing.');
    expect(find(readme, 'evaluations').measurements).toEqual([
      { fact: 'candidate', name: 'f1', value: 0.8, dataset: 'telco' },
    ]);
  });

  const bomb = `---\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n---\n`;
  it.each([
    ['cyclonedx', 'not json', /is no JSON/],
    ['cyclonedx', '[]', /specVersion/],
    ['cyclonedx', `${'['.repeat(200_000)}`, /nested 200000 deep/],
    [
      'cyclonedx',
      '{"bomFormat":"CycloneDX","specVersion":"1.7","surprise":1}',
      /must NOT have additional/,
    ],
    [
      'cyclonedx',
      '{"bomFormat":"CycloneDX","specVersion":"1.7","components":[]}',
      /describes 0 components/,
    ],
    ['huggingface', bomb, /front matter cannot be read/],
    ['huggingface', '---\na: [\n---\n', /not YAML: .* at line 2, column 5$/],
    ['huggingface', '---\na: 1\n--- b\n---\n', /another document at line 3,/],
    ...['[', '{a: ', '- ', '? '].map(
      opener =>
        [
          'huggingface',
          `---\na: 1\nb:\n${opener.repeat(200_000)}\n---\n`,
          /nested more than 50 deep at line 4, column \d+; at most 50 lists/,
        ] as const,
    ),
    ['pdf', '!!', /is not Base64/],
    [
      'pdf',
      Buffer.from('%PDF-1.7 nothing').toString('base64'),
      /holds no card/,
    ],
  ] as const)('refuses %s: %.40s', async (format, file, message) => {
    await expect(readCard(format, file)).rejects.toThrow(message);
  });

  it('reads front matter that is nested as deep as it may be', async () => {
    const { card: read } = await readCard(
      'huggingface',
      `---\nlicense: mit\nx: ${'['.repeat(49)}${']'.repeat(
        49,
      )}\n---\n# Churn\n`,
    );
    expect(read.sections[0].facts[0].text).toBe('mit');
    await expect(
      readCard(
        'huggingface',
        `---\nlicense: mit\nx: ${'['.repeat(50)}${']'.repeat(50)}\n---\n`,
      ),
    ).rejects.toThrow('at line 3, column 53;');
  });

  it('takes keys of prototypes for keys', async () => {
    const { card: read } = await readCard(
      'huggingface',
      '---\n__proto__: {polluted: true}\nconstructor: x\nlicense: [mit]\n---\n## __proto__\n\nwords\n',
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(read.sections[0].facts).toEqual([
      { label: 'Licence', text: 'mit', source: 'import' },
    ]);
    expect(read.sections.at(-1)!.title).toBe('proto');
  });
});
