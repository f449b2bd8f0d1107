import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ModelCardView } from '@slipway/backstage-plugin-model-delivery-common';
import { renderModelScreen } from '../../../dev/testing/renderModelScreen';
import { CardContent } from './CardContent';
import { freshnessText } from './freshness';
import { formatOfFile, toContent } from './importedFile';

jest.setTimeout(60_000);

const HOSTILE = `
<script>window.stolen = true</script>

<img src="https://evil.example/html.png" onerror="alert(1)">

![who reads](https://evil.example/seen.png)

[click](javascript:alert(1)) [data](data:text/html,x) [fine](https://example.com/a)

<!-- a comment -->

# Not above the card
`;

/** A parser of Markdown takes seconds for it, and fails. */
const ENDLESS = `${'>'.repeat(5_000)} in vain`;

const view: ModelCardView = {
  card: {
    model: 'model:default/credit-default',
    title: 'Credit default risk',
    version: 'v16',
    digest: null,
    asOf: null,
    sections: [
      {
        id: 'limitations',
        title: 'Limitations',
        facts: [{ label: 'Known', text: 'a fact', source: 'catalog' }],
        measurements: [],
        texts: [
          { markdown: HOSTILE, source: 'text' },
          { markdown: ENDLESS, source: 'import' },
        ],
      },
    ],
  },
  missing: [
    {
      section: 'details',
      what: 'Licence',
      how: 'The key `license` in the front matter of MODEL_CARD.md',
    },
  ],
  completeness: 8 / 9,
  freshness: {
    ageDays: 12,
    measuredAt: '2026-11-20T10:00:00.000Z',
    evaluation: 'e1',
    policy: {
      name: 'high',
      environment: 'production',
      gate: 'card-fresh',
      maxDays: 90,
      verdict: 'passed',
      explanation: 'The age is 12 days.',
    },
  },
  text: {
    state: 'found',
    location: 'https://git.example.com/MODEL_CARD.md',
    editUrl: 'https://git.example.com/edit/MODEL_CARD.md',
    readAt: null,
    message: null,
    importedBy: null,
  },
  viewer: { mayImport: false },
};

describe('Model card', () => {
  it('shows what is known, what is missing and how fresh it is; nothing hostile in it acts', async () => {
    await renderModelScreen(<CardContent />, {
      at: '/tab',
      model: 'credit-default',
      handler: ({ path }) => (path.endsWith('/card') ? view : undefined),
    });
    expect(
      await screen.findByText('12 days old; policy asks ≤ 90'),
    ).toBeInTheDocument();
    const missing = screen.getByRole('region', { name: '1 field missing' });
    expect(missing).toHaveTextContent('Licence');
    const card = screen.getByRole('region', { name: 'Model card' });
    const section = within(card).getByRole('region', { name: 'Limitations' });
    expect(section).toHaveTextContent('<script>window.stolen = true</script>');
    expect(section).not.toHaveTextContent('a comment');
    expect(within(section).getByText(ENDLESS)).toBeInTheDocument();
    expect(section.querySelector('img, script, h1')).toBeNull();
    expect(
      within(section)
        .getAllByRole('link')
        .map(link => link.getAttribute('href')),
    ).toEqual(['https://evil.example/seen.png', 'https://example.com/a']);
    expect(
      screen.getByRole('link', { name: /Edit at the source/ }),
    ).toHaveAttribute('href', 'https://git.example.com/edit/MODEL_CARD.md');
    expect(screen.queryByText('Import…')).not.toBeInTheDocument();
    await userEvent.selectOptions(
      await screen.findByRole('combobox', { name: 'Against' }),
      'v14',
    );
    expect(screen.getByTestId('address')).toHaveTextContent(
      '/tab?version=v16&against=v14',
    );
  });
});

describe('freshness', () => {
  const { freshness } = view;
  it.each([
    [{ ...freshness, ageDays: 1 }, '1 day old; policy asks ≤ 90', 'ok'],
    [
      {
        ...freshness,
        ageDays: null,
        policy: { ...freshness.policy!, verdict: 'no-evidence' as const },
      },
      'Age not reported; policy asks ≤ 90',
      'warned',
    ],
    [{ ...freshness, policy: null }, '12 days old; no policy asks', 'neutral'],
  ])('is said in a few words', (given, text, tone) => {
    expect(freshnessText(given)).toEqual({ text, tone });
  });
});

it('takes files by their ending, up to a size', async () => {
  expect(formatOfFile('a.cdx.JSON')).toBe('cyclonedx');
  expect(() => formatOfFile('card.docx')).toThrow('card.docx is neither');
  await expect(
    toContent(new File([new Uint8Array(800_000)], 'a.pdf'), 'pdf'),
  ).rejects.toThrow('800 kB');
});
