import { mockServices } from '@backstage/backend-test-utils';
import { NotFoundError, NotModifiedError } from '@backstage/errors';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { testSettings } from '../__testUtils__/FakeCatalog';
import { mlBomFormat } from '../cycloneDx/parseMlBom';
import { toModelEntity } from '../entities/toModelEntity';
import { modelCardFormat } from '../huggingFace/parseModelCard';
import { cardFileOf } from './cardFileOf';
import { folderName } from './folderName';
import { ModelFiles } from './ModelFiles';
import { FileTarget } from './readTarget';

const EXAMPLES = path.resolve(__dirname, '../../../../examples');
const CARD = 'https://github.com/acme/churn/blob/main/README.md';

function read(
  format: typeof modelCardFormat,
  targets: FileTarget[],
  options: {
    reader?: ReturnType<typeof mockServices.urlReader.mock>;
    etags?: Record<string, string>;
  } = {},
) {
  return new ModelFiles({
    settings: testSettings(),
    format,
    targets,
    reader: options.reader ?? mockServices.urlReader.mock(),
  }).read({ etags: options.etags ?? {} });
}

const readerOf = (text: string, etag = '') =>
  mockServices.urlReader.mock({
    search: async url => ({
      etag,
      files: [{ url, content: async () => Buffer.from(text) }],
    }),
  });

const readText = (format: typeof modelCardFormat, text: string) =>
  read(format, [{ type: 'url', target: CARD }], { reader: readerOf(text) });

describe('model cards', () => {
  it('say what a model is', async () => {
    const { found, refused } = await read(modelCardFormat, [
      { type: 'file', target: `${EXAMPLES}/model-cards/*/README.md` },
    ]);
    expect(refused).toEqual([]);
    expect(
      toModelEntity(found[0].draft, 'review-sentiment', testSettings()),
    ).toMatchObject({
      metadata: {
        title: 'Review sentiment',
        description: expect.stringMatching(/^Tells whether a product review/),
        tags: ['sentiment', 'reviews'],
        annotations: {
          'slipway.dev/framework': 'transformers',
          'slipway.dev/license': 'apache-2.0',
          'slipway.dev/model-card': expect.stringMatching(
            /^file:.*model-cards\/[a-z-]+\/README\.md$/,
          ),
          'slipway.dev/to-be-completed': 'risk',
          'slipway.dev/source-notes':
            'Derived from distilbert/distilbert-base-uncased, which is no model of this catalog under that name\n' +
            'Trained on stanfordnlp/imdb; write resource:<namespace>/<name> to relate it to a data set of the catalog',
        },
      },
      spec: {
        type: 'classifier',
        task: 'text-classification',
        lifecycle: 'experimental',
        owner: 'group:default/supply',
        risk: 'high',
        teamSize: 'small',
        intendedUse:
          'Order product reviews in English for those who answer them.',
        outOfScope: ['Judging the people who wrote them.'],
        trainedOn: ['resource:default/product-reviews'],
      },
    });
  });

  it('say what it is for in a paragraph, a list or a quote, whatever stands before', async () => {
    const usesOf = async (text: string) => {
      const card = `---\nlicense: mit\n---\n# *Churn*\n## Uses\n${text}`;
      const [{ draft }] = (await readText(modelCardFormat, card)).found;
      return [draft.title, draft.spec.intendedUse];
    };
    expect(
      await usesOf(
        '<!-- # Not this\n\nnor this -->\n![Logo](a.png)\n\n```\n# nor that\n```\n\n[More Information Needed]\n\nTell [who](b)\nleaves.\n\nMore',
      ),
    ).toEqual(['Churn', 'Tell who leaves.']);
    expect(await usesOf('- Tell who leaves\n- Say why\n')).toEqual([
      'Churn',
      'Tell who leaves; Say why',
    ]);
    expect(await usesOf('> Tell who leaves')).toEqual([
      'Churn',
      'Tell who leaves',
    ]);
  });

  it.each([
    ['no front matter', '# A project'],
    ['front matter of a page', '---\nlayout: home\n---\n'],
    ['a data set', '---\nlicense: mit\ntask_categories: [x]\n---\n'],
  ])('are none with %s', async (_, text) => {
    await expect(readText(modelCardFormat, text)).resolves.toMatchObject({
      found: [],
      refused: [],
    });
  });

  it.each([
    ['5 MB', `---\nlicense: mit\n---\n${'x'.repeat(5_000_000)}`, '1 MiB'],
    ['broken YAML', '---\nlicense: [mit\n---\n', 'is not YAML: Flow'],
    [
      'lists that are nested too deep',
      `---\nlicense: mit\na: ${'['.repeat(9_999)}\n---\n`,
      'has front matter that is nested more than 50 deep at line 3, column 53;',
    ],
    [
      'aliases that explode',
      `---\nlicense: mit\na: &a [x]\n${Array.from(
        { length: 9 },
        (_, n) =>
          `${'bcdefghij'[n]}: &${'bcdefghij'[n]} [${`*${
            'abcdefghi'[n]
          },`.repeat(9)}]`,
      ).join('\n')}\n---\n`,
      'cannot be read: Excessive alias count',
    ],
  ])('are refused with %s', async (_, text, message) => {
    const reading = await readText(modelCardFormat, text);
    expect(reading.found).toEqual([]);
    expect(reading.refused).toEqual([
      { source: CARD, message: expect.stringContaining(message), target: CARD },
    ]);
  });

  it('are bounded however hostile', async () => {
    const hostile = [
      '---\nmodel_name: "\u202eevil"\nbase_model: {a: 1}\ndatasets: 7\ntags: [[x], y]\nslipway: {owner: [1], risk: {}}\n---\n',
      '<!-- '.repeat(50_000),
      `# ${'['.repeat(100_000)}\n${'*'.repeat(100_000)}\n${'<'.repeat(
        200_000,
      )}`,
    ].join('\n');
    const { found } = await readText(modelCardFormat, hostile);
    const entity = toModelEntity(found[0].draft, 'evil', testSettings());
    expect(entity.metadata.title).toBe('evil');
    expect(entity.spec).toMatchObject({ risk: 'high' });
    expect(JSON.stringify(entity).length).toBeLessThan(20_000);
  });
});

describe('ML-BOMs', () => {
  it('say what a model is', async () => {
    const { found, refused } = await read(mlBomFormat, [
      { type: 'file', target: `${EXAMPLES}/ml-boms/*.json` },
    ]);
    expect(refused).toEqual([]);
    const entity = toModelEntity(found[0].draft, 'x', testSettings());
    expect(entity.metadata.annotations).not.toHaveProperty(
      'slipway.dev/to-be-completed',
    );
    expect(entity).toMatchObject({
      metadata: {
        annotations: {
          'slipway.dev/framework': 'xgboost',
          'slipway.dev/model-card': expect.stringMatching(
            /^file:.*\.cdx\.json#document-router$/,
          ),
        },
      },
      spec: {
        task: 'text-classification',
        owner: 'group:default/credit-risk',
        risk: 'low',
        intendedUse: 'Route documents that customers upload',
      },
    });
  });

  it('are checked strictly', async () => {
    const bom = JSON.parse(
      await readFile(`${EXAMPLES}/ml-boms/document-router.cdx.json`, 'utf8'),
    );
    const refusalOf = async (change: object) =>
      (await readText(mlBomFormat, JSON.stringify({ ...bom, ...change })))
        .refused[0].message;
    expect(await refusalOf({ colour: 'red' })).toContain(
      'is no valid CycloneDX 1.7',
    );
    expect(await refusalOf({ specVersion: '1.4' })).toContain('1.5, 1.6, 1.7');
    await expect(readText(mlBomFormat, '{}')).resolves.toMatchObject({
      found: [],
      refused: [],
    });
    expect((await readText(mlBomFormat, '{')).refused[0].message).toContain(
      'is no JSON',
    );
    expect(
      (await readText(mlBomFormat, '['.repeat(200_000))).refused[0].message,
    ).toBe('is nested 200000 deep; at most 50 are read');
  });
});

describe('targets', () => {
  it('cost nothing when they did not change, and lose nothing when they cannot be read', async () => {
    const reader = mockServices.urlReader.mock({
      search: jest
        .fn()
        .mockResolvedValueOnce({
          etag: 'e1',
          files: [
            {
              url: CARD,
              content: async () => Buffer.from('---\nlicense: mit\n---'),
            },
          ],
        })
        .mockRejectedValueOnce(new NotModifiedError())
        .mockRejectedValueOnce(new NotFoundError('503 Unavailable')),
    });
    const target: FileTarget = { type: 'url', target: CARD };
    const first = await read(modelCardFormat, [target], { reader });
    expect(first.found.map(({ draft }) => draft.name)).toEqual(['churn']);
    const { etags } = first;
    const second = await read(modelCardFormat, [target], { reader, etags });
    expect(second).toMatchObject({
      found: [],
      unchangedTargets: [CARD],
      etags,
    });
    expect(reader.search).toHaveBeenLastCalledWith(
      CARD,
      expect.objectContaining({ etag: 'e1' }),
    );
    const third = await read(modelCardFormat, [target], { reader, etags });
    expect(third).toMatchObject({
      unchangedTargets: [CARD],
      etags,
      errors: [`${CARD} could not be read: 503 Unavailable`],
    });
  });

  it('of this machine are read again when a file changes', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'slipway-cards-'));
    const file = path.join(folder, 'README.md');
    const target: FileTarget = { type: 'file', target: `${folder}/*.md` };
    await writeFile(file, '---\nlicense: mit\n---\n');
    const first = await read(modelCardFormat, [target]);
    const { etags } = first;
    const again = await read(modelCardFormat, [target], { etags });
    expect(again.unchangedTargets).toEqual([target.target]);
    await utimes(file, new Date(), new Date(Date.now() + 5_000));
    const third = await read(modelCardFormat, [target], { etags });
    expect(third.found).toHaveLength(1);
    await rm(folder, { recursive: true });
  });
});

it.each([
  [{ source: CARD, url: CARD }, undefined, `url:${CARD}`],
  [
    { source: 'x', url: 'https://a/b#c.md' },
    undefined,
    'url:https://a/b%23c.md',
  ],
  [
    { source: '/a/50%#1.json' },
    'pkg:x#1 \ud800',
    'file:/a/50%25%231.json#pkg%3Ax%231%20%EF%BF%BD',
  ],
  [{ source: 'a.json' }, 'x'.repeat(5_000_000), undefined],
])('%p is named as model card', (file, component, named) => {
  expect(
    cardFileOf({ ...file, content: async () => Buffer.alloc(0) }, component),
  ).toBe(named);
});

it.each([
  [CARD, 'churn'],
  ['https://gitlab.com/a/b/-/blob/main/README.md', 'b'],
  ['https://github.com/a/b/blob/main/models/x%20y/README.md', 'x y'],
  ['https://huggingface.co/org/bert/raw/main/README.md', 'bert'],
  ['../../examples/model-cards/reviews/README.md', 'reviews'],
  ['README.md', 'model'],
])('the folder of %s is called %s', (source, name) => {
  expect(folderName(source)).toBe(name);
});
