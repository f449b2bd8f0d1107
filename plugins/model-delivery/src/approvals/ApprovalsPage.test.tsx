import { cleanup, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  type Promotion,
  signalGroup,
} from '@slipway/backstage-plugin-model-delivery-common';
import {
  askedWaiver,
  awaitingApproval,
  changedSubjectDigest,
  digestOf,
  Refusal,
} from '../../dev/fixtures';
import { renderPage } from '../../dev/testing/renderPage';
import { ApprovalsPage } from './ApprovalsPage';

jest.setTimeout(30_000);

const open = (
  selected?: string,
  handler?: Parameters<typeof renderPage>[2]['handler'],
) =>
  renderPage('approvals', <ApprovalsPage />, {
    at: `/model-delivery/approvals${selected ? `?selected=${selected}` : ''}`,
    handler,
  });

const approve = () =>
  screen.findByRole('button', { name: 'Approve as compliance officer' });
const reasonField = () =>
  screen.findByRole('textbox', { name: /Reason, compulsory/ });

/** The same promotion after an evaluation was replaced. */
const changed: Promotion = {
  ...awaitingApproval,
  revision: awaitingApproval.revision + 1,
  approval: {
    ...awaitingApproval.approval,
    subject: {
      ...awaitingApproval.approval.subject!,
      digest: changedSubjectDigest,
      evidenceDigest: digestOf('evidence-changed'),
    },
  },
};

describe('ApprovalsPage', () => {
  beforeEach(() => window.sessionStorage.clear());

  /** As another theme and a reload do: the page is built anew. */
  const openAnew = (...how: Parameters<typeof open>) => {
    cleanup();
    return open(...how);
  };
  const write = async (reason: string) => {
    await userEvent.click(await reasonField());
    await userEvent.paste(reason);
  };

  it('keeps what one wrote when the page is built anew, for oneself and for this promotion only', async () => {
    open('431');
    await write('Documents complete.');

    openAnew('431');
    expect(await reasonField()).toHaveValue('Documents complete.');
    expect(await approve()).toBeEnabled();

    openAnew('432', ({ path }) =>
      path === '/promotions/432'
        ? { ...awaitingApproval, id: '432' }
        : undefined,
    );
    expect(await reasonField()).toHaveValue('');

    cleanup();
    renderPage('approvals', <ApprovalsPage />, {
      at: '/model-delivery/approvals?selected=431',
      user: 'user:default/m.okafor',
    });
    expect(await reasonField()).toHaveValue('');
  });

  it('sends nothing one wrote on what changed before the page was built anew, until one looked at that', async () => {
    open('431');
    await write('Documents complete.');

    const { sent } = openAnew('431', ({ path, method }) =>
      path === '/promotions/431' && method === 'GET' ? changed : undefined,
    );
    expect(
      await screen.findByText(/has changed since you opened it/),
    ).toBeInTheDocument();
    expect(await reasonField()).toHaveValue('Documents complete.');
    expect(await approve()).toBeDisabled();
    await userEvent.click(
      screen.getByRole('button', { name: 'I have looked at what changed' }),
    );

    openAnew('431', ({ path, method }) =>
      path === '/promotions/431' && method === 'GET' ? changed : undefined,
    );
    expect(await approve()).toBeEnabled();
    expect(screen.queryByText(/has changed since/)).not.toBeInTheDocument();
    expect(sent()).toHaveLength(0);
  });

  it('forgets what one wrote with the decision, also with one made elsewhere', async () => {
    open('431');
    await write('Documents complete.');
    await userEvent.click(await approve());
    await screen.findByText('Scheduled: starts at 5 % within a minute.');
    openAnew('431');
    expect(await reasonField()).toHaveValue('');

    await write('Written in another tab.');
    const [decision] = awaitingApproval.approval.decisions;
    const decided: Promotion = {
      ...awaitingApproval,
      approval: {
        ...awaitingApproval.approval,
        decisions: [
          { ...decision, decidedBy: 'user:default/t.brandt', voided: null },
        ],
        viewer: {
          ...awaitingApproval.approval.viewer,
          mayDecide: false,
          roles: [],
        },
      },
    };
    openAnew('431', ({ path }) =>
      path === '/promotions/431' ? decided : undefined,
    );
    await screen.findByRole('link', { name: 'Open the promotion' });
    openAnew('431');
    expect(await reasonField()).toHaveValue('');
  });

  it('says who stands in for whom, and takes a role back', async () => {
    const delegation = {
      id: '6b0f2f0e-5a3e-4a55-9d67-0f4c1f2b7a10',
      group: 'group:default/compliance-officers',
      from: 'user:default/t.brandt',
      to: 'user:default/m.okafor',
      reason: 'On leave',
      since: '2026-11-01T08:00:00Z',
      until: '2099-01-01T08:00:00Z',
      endedAt: null,
      endedBy: null,
      isActive: true,
    };
    let ended = 0;
    open(undefined, ({ method, path }) => {
      if (method === 'POST' && path === `/delegations/${delegation.id}/end`) {
        ended += 1;
        return { ...delegation, isActive: false };
      }
      return path === '/delegations'
        ? {
            items: ended ? [] : [delegation],
            roles: [
              {
                group: delegation.group,
                title: 'Compliance officer',
                longestSeconds: 604_800,
              },
            ],
          }
        : undefined;
    });
    const standing = await screen.findByRole('region', { name: 'Standing in' });
    expect(standing).toHaveTextContent(
      /decides for you as Compliance officer.*On leave/,
    );
    await userEvent.click(
      within(standing).getByRole('button', { name: 'Take it back' }),
    );
    await waitFor(() =>
      expect(standing).toHaveTextContent('Away for a while?'),
    );
    expect(ended).toBe(1);
  });

  it('leads to the verdicts that one is asked to waive', async () => {
    open(undefined, ({ path }) =>
      path === '/waivers' ? { items: [askedWaiver] } : undefined,
    );
    const waivers = await screen.findByRole('region', { name: 'Waivers' });
    expect(
      await within(waivers).findByRole('link', {
        name: 'Credit default risk v16',
      }),
    ).toHaveAttribute(
      'href',
      expect.stringMatching(
        /\/gates\?environment=production&gate=fairness&version=v16$/,
      ),
    );
  });

  it('lists what waits, what one is barred from and why, and what one decided', async () => {
    open();
    const list = await screen.findByRole('navigation', { name: 'Approvals' });
    expect(
      await within(list).findByRole('button', {
        name: /Collections priority v8/,
      }),
    ).toHaveTextContent('You authored commit 8f2c1e7');
    expect(
      within(list).getAllByRole('button', { name: /Claims triage v22/ })[0],
    ).toHaveAttribute('aria-current', 'true');
    expect(
      within(list).getByRole('button', { name: /Credit default risk v14/ }),
    ).toHaveTextContent('Approved');
    expect(await screen.findByText(/Your\s+approval of/)).toHaveTextContent(
      'Evaluation 7713 replaced 7702',
    );
  });

  it('shows what changed with digests short enough to compare, and the evidence on demand', async () => {
    const user = userEvent.setup();
    open('431');
    const changes = await screen.findByRole('region', {
      name: 'Table: What changed since v21',
    });
    expect(
      within(changes).getByRole('row', { name: /claims-letters 2026-06-30/ }),
    ).toHaveTextContent(/2026-09-30 \([0-9a-f]{4}…[0-9a-f]{4}\)/);
    expect(
      within(changes).getByRole('img', { name: /ROC AUC: difference \+0.014/ }),
    ).toBeInTheDocument();

    const evidence = await screen.findByRole('region', {
      name: 'Gates and the age of their evidence',
    });
    expect(evidence).toHaveTextContent('Cost not much above');
    expect(evidence).not.toHaveTextContent('F1 is above production');
    await user.click(
      await within(evidence).findByRole('button', { name: /^Show all/ }),
    );
    expect(
      within(evidence).getByRole('row', { name: /F1 is above production/ }),
    ).toHaveTextContent(/candidate.metrics.f1 0.842.*at most 14 d/);
  });

  it('lets one decide once the evidence is there, so that no button moves under the pointer', async () => {
    let refuse = (_because: Refusal) => {};
    const unanswered = new Promise((_, reject) => {
      refuse = reject;
    });
    open('431', ({ path }) =>
      path === '/promotions/431/gates' ? unanswered : undefined,
    );
    expect(
      await screen.findByRole('region', {
        name: 'Table: What changed since v21',
      }),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: /^Approve as/ }),
    ).not.toBeInTheDocument();

    // Whoever cannot see it is told so, and may decide all the same
    refuse(new Refusal(503, 'Try again later'));
    expect(await approve()).toBeInTheDocument();
    expect(screen.getByText(/^Could not load the gates/)).toBeInTheDocument();
  });

  it('does not say that nothing was recorded where no answer came', async () => {
    open('431', ({ method }) => {
      if (method === 'POST') {
        throw new TypeError('Failed to fetch');
      }
      return undefined;
    });
    await write('Documents complete.');
    await userEvent.click(await approve());
    expect(
      await screen.findByText(/The portal did not answer/),
    ).toBeInTheDocument();
    expect(screen.queryByText(/Not recorded/)).not.toBeInTheDocument();
    expect(await reasonField()).toHaveValue('Documents complete.');
  });

  it('gives whoever is barred the reason and no button', async () => {
    open('433');
    expect(
      await screen.findByText(
        /You may not decide: you authored commit 8f2c1e7/,
      ),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: /^Approve as/ }),
    ).not.toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: /^Reject/ }),
    ).not.toBeInTheDocument();
  });

  it('asks for the compulsory reason before it sends anything', async () => {
    const user = userEvent.setup();
    const { sent } = open('431');
    await user.click(await approve());
    expect(
      await screen.findByText('Say why: it is recorded with your decision.'),
    ).toBeInTheDocument();
    expect(sent()).toHaveLength(0);
  });

  it('binds the decision to what was shown, once for a double click', async () => {
    const user = userEvent.setup();
    const { sent } = open('431');
    await user.click(await reasonField());
    await user.paste('Documents complete.');
    expect(
      screen.getByText(/Approving fills the last slot: v22 is scheduled/),
    ).toBeInTheDocument();
    await user.dblClick(await approve());

    expect(
      await screen.findByText('Scheduled: starts at 5 % within a minute.'),
    ).toBeInTheDocument();
    expect(sent().map(({ path, body }) => ({ path, body }))).toEqual([
      {
        path: '/promotions/431/decisions',
        body: {
          decision: 'approve',
          role: 'compliance-officer',
          subjectDigest: awaitingApproval.approval.subject!.digest,
          revision: awaitingApproval.revision,
          reason: 'Documents complete.',
        },
      },
    ]);
    expect(
      screen.queryByRole('button', { name: /Approve as/ }),
    ).not.toBeInTheDocument();
  });

  it('says what changed on a stale page and asks again, keeping what was written', async () => {
    const user = userEvent.setup();
    let isChanged = false;
    const { sent } = open('431', ({ path, method }) => {
      if (method === 'POST' && !isChanged) {
        isChanged = true;
        throw new Refusal(409, 'The evidence changed while you decided.');
      }
      return path === '/promotions/431' && isChanged && method === 'GET'
        ? changed
        : undefined;
    });
    await user.click(await reasonField());
    await user.paste('Documents complete.');
    await user.click(await approve());

    expect(
      await screen.findByText(/The evidence changed while you decided/),
    ).toBeInTheDocument();
    expect(await screen.findByText(/^Evidence: /)).toBeInTheDocument();
    expect(await approve()).toBeDisabled();
    expect(await reasonField()).toHaveValue('Documents complete.');

    await user.click(
      screen.getByRole('button', { name: 'I have looked at what changed' }),
    );
    await user.click(await approve());
    await waitFor(() => expect(sent()).toHaveLength(2));
    expect(sent()[1].body).toMatchObject({
      subjectDigest: changedSubjectDigest,
      revision: changed.revision,
    });
  });

  it('does not let one approve what changed while the page was open', async () => {
    let promotion: Promotion = awaitingApproval;
    const { signal } = open('431', ({ path, method }) =>
      path === '/promotions/431' && method === 'GET' ? promotion : undefined,
    );
    expect(await approve()).toBeEnabled();

    promotion = changed;
    await signal({
      type: 'promotion',
      id: '431',
      models: signalGroup(changed.model),
      revision: changed.revision,
    });

    expect(
      await screen.findByText(/has changed since you opened it/),
    ).toBeInTheDocument();
    expect(await approve()).toBeDisabled();
  });

  it('keeps what one wrote and saw while the promotion is judged again', async () => {
    let promotion: Promotion = awaitingApproval;
    const { signal } = open('431', ({ path, method }) =>
      path === '/promotions/431' && method === 'GET' ? promotion : undefined,
    );
    const user = userEvent.setup();
    await user.click(await reasonField());
    await user.paste('Documents complete.');
    const become = async (next: Promotion) => {
      promotion = next;
      await signal({
        type: 'promotion',
        id: '431',
        models: signalGroup(next.model),
        revision: next.revision,
      });
    };

    await become({
      ...changed,
      state: 'evaluating',
      approval: {
        ...changed.approval,
        subject: null,
        viewer: { ...changed.approval.viewer, mayDecide: false, roles: [] },
      },
    });
    await waitFor(() =>
      expect(screen.queryByText('Your decision')).not.toBeInTheDocument(),
    );
    await become({ ...changed, revision: changed.revision + 1 });

    expect(
      await screen.findByText(/has changed since you opened it/),
    ).toBeInTheDocument();
    expect(await reasonField()).toHaveValue('Documents complete.');
    expect(await approve()).toBeDisabled();
  });

  it('rejects only after confirmation, naming the role', async () => {
    const user = userEvent.setup();
    const { sent } = open('431');
    await user.click(await reasonField());
    await user.paste('Gap by language unexplained.');
    await user.click(screen.getByRole('button', { name: 'Reject…' }));
    const dialog = await screen.findByRole('dialog', {
      name: 'Reject v22 as compliance officer?',
    });
    expect(dialog).toHaveTextContent('It ends the promotion');
    expect(sent()).toHaveLength(0);
    await user.click(
      within(dialog).getByRole('button', {
        name: 'Reject as compliance officer',
      }),
    );
    await waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0].body).toMatchObject({
      decision: 'reject',
      reason: 'Gap by language unexplained.',
    });
  });

  describe('of a bundle', () => {
    const subjectDigest = digestOf('bundle-subject');
    const memberOf = (promotion: Promotion, title: string) => ({
      model: promotion.model,
      modelTitle: title,
      version: promotion.version,
      digest: digestOf(promotion.version),
      from: 'v6',
      promotion: {
        id: promotion.id,
        state: promotion.state,
        statement: promotion.statement,
        share: null,
      },
    });
    const other: Promotion = {
      ...awaitingApproval,
      id: '451',
      model: 'model:default/affordability',
      modelTitle: 'Affordability',
      version: 'v7',
    };
    const covered = (others: string) => ({
      digest: digestOf('lending'),
      members: [
        { model: other.model, subjectDigest: digestOf(others) },
        { model: awaitingApproval.model, subjectDigest: digestOf('own') },
      ],
    });
    const inBundle = (
      promotion: Promotion,
      digest = subjectDigest,
      others = 'other',
    ): Promotion => ({
      ...promotion,
      bundle: { id: '3', name: 'Lending', promotionId: '7' },
      together: {
        id: '7',
        bundle: { id: '3', name: 'Lending', digest: digestOf('lending') },
        environment: 'production',
        kind: 'promotion',
        state: 'awaiting-approval',
        statement: 'Waiting for approval',
        requestedBy: 'user:default/dana',
        requestedAt: '2026-11-21T09:00:00.000Z',
        note: null,
        members: [
          memberOf(awaitingApproval, 'Claims triage'),
          memberOf(other, 'Affordability'),
        ],
        mayRollBack: false,
      },
      approval: {
        ...promotion.approval,
        subject: {
          ...promotion.approval.subject!,
          evidenceDigest: digestOf(`evidence of ${promotion.id}`),
          digest,
          bundle: covered(others),
        },
      },
    });
    const answer = ({ path, method }: { path: string; method: string }) => {
      if (method !== 'GET') {
        return undefined;
      }
      switch (path) {
        case '/promotions/431':
          return inBundle(awaitingApproval);
        case '/promotions/451':
          return inBundle(other);
        case '/promotions/451/gates':
          return {
            items: [
              {
                ...askedWaiver.verdict,
                title: 'Affordable for its customers',
                verdict: 'warned',
              },
            ],
          };
        default:
          return undefined;
      }
    };

    it('shows the gates and what is bound of every member', async () => {
      open('431', answer);
      const gates = await screen.findByRole('region', {
        name: 'Gates of Affordability v7 and the age of their evidence',
      });
      expect(
        await within(gates).findByRole('row', {
          name: /Affordable for its customers/,
        }),
      ).toBeInTheDocument();
      expect(gates).toHaveTextContent('1 of 1 let through');
      expect(
        screen.getByRole('region', {
          name: 'Gates of Claims triage v22 and the age of their evidence',
        }),
      ).toBeInTheDocument();
      const bound = await screen.findByRole('region', {
        name: 'Binds to Affordability',
      });
      expect(bound).toHaveTextContent(/Version.*v7/);
      expect(bound).toHaveTextContent(/Rollout plan/);
    });

    it('names the member that changed since one looked', async () => {
      let hasChanged = false;
      const { signal } = open('431', request =>
        hasChanged && request.path === '/promotions/431'
          ? inBundle(
              { ...awaitingApproval, revision: awaitingApproval.revision + 1 },
              changedSubjectDigest,
              'another',
            )
          : answer(request),
      );
      expect(await approve()).toBeEnabled();
      hasChanged = true;
      await signal({
        type: 'promotion',
        id: '431',
        models: signalGroup(awaitingApproval.model),
        revision: awaitingApproval.revision + 1,
      });
      expect(
        await screen.findByText(/affordability: what goes with it changed/),
      ).toBeInTheDocument();
      expect(await approve()).toBeDisabled();
    });
  });
});
