import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  GateMatrix,
  ModelDetail,
  RevocationMark,
} from '@slipway/backstage-plugin-model-delivery-common';
import { ago, creditDefault, gateMatrix } from '../../dev/fixtures';
import { renderModelScreen } from '../../dev/testing/renderModelScreen';
import { GatesContent, OverviewContent } from '../modelPage';

jest.setTimeout(60_000);

const REASON = 'The test set leaked into the training set';
const mark = (evaluation: string): RevocationMark => ({
  id: '3',
  version: 'v16',
  evaluation,
  reason: REASON,
  revokedBy: 'user:default/m.okafor',
  revokedAt: ago(2, 'h'),
});

/** The newest version with a verdict that passed on one evaluation of its own. */
const [newest] = gateMatrix.versions;
const passed = newest.verdicts.find(
  ({ verdict, inputs }) =>
    verdict === 'passed' &&
    inputs.length === 1 &&
    inputs[0].source !== null &&
    !inputs[0].fact.startsWith('production.'),
)!;
const { source } = passed.inputs[0];

const revoked: GateMatrix = {
  ...gateMatrix,
  versions: gateMatrix.versions.map(column => ({
    ...column,
    verdicts: column.verdicts.map(verdict =>
      column === newest && verdict === passed
        ? {
            ...verdict,
            inputs: [{ ...verdict.inputs[0], revoked: mark(source!) }],
          }
        : verdict,
    ),
  })),
};

const [production] = creditDefault.environments.filter(
  each => each.tier === 'production',
);
const marked: ModelDetail = {
  ...creditDefault,
  environments: creditDefault.environments.map(each =>
    each === production
      ? {
          ...each,
          serving: [
            {
              ...each.serving[0],
              revoked: [
                {
                  revocation: mark('nightly-7'),
                  facts: ['candidate.metrics.f1'],
                  acknowledgement: null,
                },
              ],
            },
          ],
        }
      : each,
  ),
};

describe('Evidence that was wrong', () => {
  it('is revoked with a reason, having seen what rests on it', async () => {
    const { sent } = await renderModelScreen(<GatesContent />, {
      at: '/tab',
      model: 'credit-default',
      handler: ({ method, path }) => {
        if (path.endsWith('/revocations/preview')) {
          return {
            version: newest.version,
            evaluation: source,
            fact: 'tests',
            metrics: ['coverage'],
            revocation: null,
            effects: {
              promotions: [
                {
                  id: '7',
                  version: newest.version,
                  environment: 'production',
                  state: 'awaiting-approval',
                  effect: 're-evaluated',
                  decisions: 1,
                },
              ],
              deployments: [
                {
                  id: 'd1',
                  version: newest.version,
                  environment: 'staging',
                  share: 100,
                },
              ],
            },
          };
        }
        return method === 'POST' && path.endsWith('/revocations')
          ? mark(source!)
          : undefined;
      },
    });
    await userEvent.click(
      await screen.findByRole('button', {
        name: `Passed: ${passed.title}, ${newest.version}`,
      }),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: `Revoke ${source}` }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(
      await within(dialog).findByText(
        'Affected: 1 promotion, 1 deployment that serves now',
      ),
    ).toBeInTheDocument();
    expect(dialog).toHaveTextContent('1 approval is void');
    const confirm = within(dialog).getByRole('button', {
      name: 'Revoke the evidence',
    });
    expect(confirm).toBeDisabled();
    await userEvent.type(within(dialog).getByLabelText(/Reason/), REASON);
    await userEvent.dblClick(confirm);
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0].body).toEqual({
      version: newest.version,
      evaluation: source,
      reason: REASON,
      idempotencyKey: expect.any(String),
    });
  });

  it('leaves the verdict where it was, struck through, with who revoked it and why', async () => {
    await renderModelScreen(<GatesContent />, {
      at: '/tab',
      model: 'credit-default',
      handler: ({ path }) => (path.endsWith('/gates') ? revoked : undefined),
    });
    await userEvent.click(
      await screen.findByRole('button', {
        name: `Passed on revoked evidence: ${passed.title}, ${newest.version}`,
      }),
    );
    expect(
      await screen.findByText(
        'This verdict was given on evidence that was revoked since.',
      ),
    ).toBeInTheDocument();
    expect(screen.getByText(/M. Okafor/)).toBeInTheDocument();
    expect(screen.getAllByText(new RegExp(REASON))).not.toHaveLength(0);
    expect(screen.queryByRole('button', { name: /^Revoke/ })).toBeNull();
  });

  it('tells whoever is barred from letting it serve on why, and gives them no button', async () => {
    await renderModelScreen(<OverviewContent />, {
      at: '/tab',
      model: 'credit-default',
      handler: ({ path }) =>
        path.endsWith('/models/default/credit-default')
          ? {
              ...marked,
              viewer: {
                ...marked.viewer,
                barredFromServingOn: [
                  {
                    deployment: production.serving[0].id,
                    because: 'You trained it',
                  },
                ],
              },
            }
          : undefined,
    });
    expect(
      await screen.findByText(
        'You may not say that it serves on: you trained it.',
      ),
    ).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /serve on/ })).toBeNull();
  });

  it('marks what serves on it, until somebody says that it serves on', async () => {
    const { sent } = await renderModelScreen(<OverviewContent />, {
      at: '/tab',
      model: 'credit-default',
      handler: ({ method, path }) => {
        if (method === 'POST') {
          return production.serving[0];
        }
        return path.endsWith('/models/default/credit-default')
          ? marked
          : undefined;
      },
    });
    expect(
      await screen.findByText(
        `${production.serving[0].version} in production rests on evidence that was revoked`,
      ),
    ).toBeInTheDocument();
    expect(screen.getByText('Rests on revoked evidence')).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: /serve on in production…/ }),
    );
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(
      within(dialog).getByLabelText(/Reason/),
      'It is replaced by the evening',
    );
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Let it serve on' }),
    );
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0].path).toMatch(/\/revocations\/3\/acknowledgements$/);
  });
});
