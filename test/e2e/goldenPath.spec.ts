/**
 * The story of Slipway, start to end and for real: a pipeline is scaffolded, trains and registers in MLflow; its first two
 * versions reach production through gates, approvals and a canary between two model servers; a third one, whose server
 * fails, is rolled back by itself.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, Page, test } from '@playwright/test';
import { ModelRepository } from './support/modelRepository';
import { signInAs } from './support/portal';
import {
  approve,
  expectStatement,
  openAs,
  requestPromotion,
} from './support/promotions';
import { startTraffic } from './support/traffic';

const MINUTE = 60_000;
const VENV = process.env.SLIPWAY_MLFLOW_VENV;
const MLFLOW_URL = process.env.SLIPWAY_E2E_MLFLOW_URL;
const SCRATCH = process.env.SLIPWAY_E2E_SCRATCH!;
/** State of the portal that runs: that of the tests' own, or of SLIPWAY_E2E_PORTAL. */
const STATE = process.env.SLIPWAY_E2E_STATE ?? join(SCRATCH, 'state');

const NAME = `biopsy-triage-${Date.now().toString(36)}`;
const TITLE = 'Biopsy triage';
const MODEL_PAGE = `/catalog/default/model/${NAME}`;
const REASON = 'Intervals and groups look right to me';
/** Requests a second: as many as two model servers answer easily on two cores that train and draw pages as well. */
const RATE = 25;

// A button that is not there is told in half a minute, not at the end of the test
test.use({ actionTimeout: 30_000 });
test.skip(
  !VENV || !MLFLOW_URL,
  'needs MLflow: SLIPWAY_MLFLOW_VENV names no Python environment with it',
);

/** Answers the three pages of the template's form. Returns where the repository can be cloned from. */
async function scaffold(page: Page): Promise<string> {
  await page.goto('/create/templates/default/model-pipeline');
  await page.getByLabel('Name', { exact: false }).first().fill(NAME);
  await page.getByLabel('Title', { exact: false }).first().fill(TITLE);
  await page
    .getByLabel('Intended use', { exact: false })
    .fill('Order biopsies so that those likely malignant are read first');
  await page.getByLabel('Owner', { exact: false }).fill('Credit risk');
  await page
    .getByRole('option', { name: /credit.risk/i })
    .first()
    .click();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('radio', { name: /^High/ }).check();
  await page.getByRole('radio', { name: '2 to 5' }).check();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('link', { name: 'Open the model' })).toBeVisible({
    timeout: 2 * MINUTE,
  });
  const clone = page.getByText(/git clone \S+/).first();
  await expect(clone).toBeVisible();
  const [, url] = /git clone (\S+)/.exec((await clone.textContent()) ?? '')!;
  await page.getByRole('link', { name: 'Open the model' }).click();
  return url;
}

/** Both reviewers decide, each signed in as themselves. */
async function approveByBoth(
  reviewers: { page: Page; role: string }[],
  version: string,
): Promise<void> {
  for (const { page, role } of reviewers) {
    await approve(page, {
      title: new RegExp(`${TITLE} ${version}`),
      role,
      reason: REASON,
    });
  }
}

async function endpointOf(baseURL: string): Promise<string> {
  const token = readFileSync(join(STATE, 'pipeline-token'), 'utf8').trim();
  const response = await fetch(
    `${baseURL}/api/model-delivery/models/default/${NAME}`,
    { headers: { authorization: `Bearer ${token}` } },
  );
  const { environments } = (await response.json()) as {
    environments: { name: string; endpoint: string | null }[];
  };
  return environments.find(each => each.name === 'production')!.endpoint!;
}

test('a model goes from a template to production, and a bad version comes back by itself', async ({
  browser,
  baseURL,
  page,
}) => {
  test.setTimeout(25 * MINUTE);
  const folder = join(SCRATCH, NAME);
  mkdirSync(folder, { recursive: true });

  const repository =
    await test.step('A data scientist scaffolds a pipeline', async () => {
      await signInAs(page, 'Data scientist', '/create');
      const url = await scaffold(page);
      await expect(page.getByRole('heading', { name: TITLE })).toBeVisible();
      return ModelRepository.clone({
        url,
        folder: join(folder, 'clone'),
        author: { name: 'L. Weber', email: 'l.weber@harbour.example' },
        venv: VENV!,
        variables: {
          SLIPWAY_URL: baseURL!,
          SLIPWAY_TOKEN: readFileSync(
            join(STATE, 'pipeline-token'),
            'utf8',
          ).trim(),
          MLFLOW_TRACKING_URI: MLFLOW_URL!,
        },
      });
    });

  await test.step('The pipeline makes version 1, then a better version 2', async () => {
    await repository.runPipeline();
    await repository.improve();
    await repository.runPipeline();

    await page.goto(`${MODEL_PAGE}/versions`);
    const versions = page.getByRole('row');
    await expect(versions.filter({ hasText: 'L. Weber' })).toHaveCount(2, {
      timeout: MINUTE,
    });
    // Commit, data digest, parameters and metrics of the better one
    const better = versions.filter({ hasText: 'features = all' });
    await expect(better).toContainText('Breast Cancer Wisconsin');
    await expect(
      better.getByRole('button', { name: 'Copy digest of 2' }),
    ).toBeVisible();
  });

  // Meanwhile a third one is made, which fails on what production sends; it is ready before anything is compared
  const third = repository
    .setParameter(
      'outlier_guard: answer',
      'outlier_guard: reject',
      'Refuse unusual measurements',
    )
    .then(() => repository.runPipeline());
  third.catch(() => {});

  const reviewers = [
    {
      page: await openAs(browser, 'Model risk manager'),
      role: 'model risk manager',
    },
    {
      page: await openAs(browser, 'Compliance officer'),
      role: 'compliance officer',
    },
  ];

  await test.step('Version 1 goes to staging, then to production as its first deployment', async () => {
    await requestPromotion(page, {
      model: NAME,
      version: '1',
      environment: 'staging',
    });
    await expectStatement(page, /1 took over all traffic/, 2 * MINUTE);
    await requestPromotion(page, {
      model: NAME,
      version: '1',
      environment: 'production',
    });
    await expect(
      page.getByText('First deployment', { exact: false }).first(),
    ).toBeVisible();
    await approveByBoth(reviewers, '1');
    await expectStatement(page, /1 took over all traffic/, 2 * MINUTE);
  });

  const traffic = startTraffic({
    endpoint: await endpointOf(baseURL!),
    bodies: repository.requests(),
    rate: RATE,
    folder,
  });
  let answered: Awaited<ReturnType<typeof traffic.stop>>;
  try {
    await test.step('Version 2 is judged by its gates, and its requester cannot approve it', async () => {
      await requestPromotion(page, {
        model: NAME,
        version: '2',
        environment: 'staging',
      });
      await expectStatement(page, /2 took over all traffic/, 2 * MINUTE);
      await requestPromotion(page, {
        model: NAME,
        version: '2',
        environment: 'production',
      });
      await expectStatement(page, /Waiting for approval by/);
      await expect(page.getByRole('button', { name: /^Approve/ })).toHaveCount(
        0,
      );
      await expect(page.getByRole('region', { name: 'Gates' })).toContainText(
        'let through',
      );
    });

    await test.step('Two people approve; real traffic moves 5, 25, 50, 100 %', async () => {
      await third;
      await approveByBoth(reviewers, '2');
      for (const share of [5, 25, 50]) {
        await expectStatement(
          page,
          new RegExp(`Serving ${share} %`),
          3 * MINUTE,
        );
      }
      await expectStatement(page, /2 took over all traffic/, 4 * MINUTE);
      await expect(
        page.getByRole('region', { name: 'Rollout steps' }).getByText('Pass'),
      ).toHaveCount(4);
    });

    await test.step('The history and the metrics say so', async () => {
      await page.goto(`${MODEL_PAGE}/deployments`);
      const history = page.getByRole('region', {
        name: 'Table of deployments',
      });
      await expect(
        history.getByRole('row').filter({ hasText: 'production' }),
      ).toHaveCount(2);
      await page.goto(
        `/model-delivery/metrics?model=model%3Adefault%2F${NAME}`,
      );
      await page
        .getByRole('button', { name: /See the events/ })
        .first()
        .click();
      const events = page.getByRole('dialog');
      await expect(events.getByRole('link', { name: TITLE })).toHaveCount(2);
      await events
        .getByRole('link', { name: /^Promotion/ })
        .first()
        .click();
      await expectStatement(page, /2 took over all traffic/);
    });

    await test.step('A version whose server answers with errors is rolled back by itself', async () => {
      await requestPromotion(page, {
        model: NAME,
        version: '3',
        environment: 'staging',
      });
      await expectStatement(page, /3 took over all traffic/, 2 * MINUTE);
      await requestPromotion(page, {
        model: NAME,
        version: '3',
        environment: 'production',
      });
      await expectStatement(page, /Waiting for approval by/);
      await approveByBoth(reviewers, '3');
      await expectStatement(
        page,
        /Rolled back: 2 has served all traffic/,
        4 * MINUTE,
      );
      await expect(page.getByText('Error rate').first()).toBeVisible();

      await page.goto(MODEL_PAGE);
      await expect(
        page
          .getByRole('list', { name: 'Environments' })
          .getByRole('listitem')
          .nth(1),
      ).toContainText('2');
      await page.goto(`${MODEL_PAGE}/deployments`);
      await expect(
        page
          .getByRole('region', { name: 'Table of deployments' })
          .getByRole('row')
          .filter({ hasText: 'Rolled back' }),
      ).toHaveCount(1);
      await page.goto(
        `/model-delivery/metrics?model=model%3Adefault%2F${NAME}`,
      );
      await expect(
        page.getByText('1 of 3 deployments', { exact: false }).first(),
      ).toBeVisible();
    });
  } finally {
    answered = await traffic.stop();
  }
  expect(Object.keys(answered.versions).sort()).toEqual(['1', '2', '3']);
});
