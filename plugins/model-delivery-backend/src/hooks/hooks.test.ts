import { ReleaseQuestion } from '@slipway/backstage-plugin-model-delivery-common';
import type { components } from '@octokit/openapi-types';
import {
  createHmac,
  createPublicKey,
  createVerify,
  generateKeyPairSync,
} from 'node:crypto';
import request from 'supertest';
import { FakePlatforms } from '../__testUtils__/FakePlatforms';
import { MigratedDatabases } from '../__testUtils__/MigratedDatabases';
import { modelEntity, people } from '../__testUtils__/people';
import { startTestEngine, TestEngine } from '../__testUtils__/startTestEngine';
import {
  answers,
  goodFacts,
  TestDelivery,
} from '../__testUtils__/TestDelivery';
import { until } from '../__testUtils__/until';

jest.setTimeout(60_000);

type GitHub = components['schemas'];

const PASSWORD = 'p'.repeat(32);
const SECRET = 's'.repeat(32);
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
/** Commit that TestDelivery gives to versions by their last digit. */
const commitOf = (version: number) => String(version).repeat(40);
const badFacts = {
  ...goodFacts(1),
  candidate: { ...goodFacts(1).candidate, fairness_gap: 0.2 },
};

describe.each(
  MigratedDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_15'],
  }).eachSupportedId(),
)('hooks of other tools on %s', databaseId => {
  const databases = MigratedDatabases.create({ ids: [databaseId] });
  let knex: Awaited<ReturnType<typeof databases.init>>;
  let platforms: FakePlatforms;
  let engine: TestEngine;
  let delivery: TestDelivery;

  const start = (clock?: TestEngine['clock']) =>
    startTestEngine({
      knex,
      clock,
      entities: [modelEntity('credit-default'), modelEntity('other')],
      config: {
        modelDelivery: {
          workers: { pollInterval: { milliseconds: 50 } },
          releaseHooks: {
            flagger: {
              mesh: {
                password: PASSWORD,
                models: ['model:default/credit-default'],
              },
            },
            github: {
              acme: {
                apiBaseUrl: platforms.url,
                webhookSecret: SECRET,
                appId: 4711,
                privateKey,
                deployments: [
                  {
                    repository: 'Acme/credit',
                    githubEnvironment: 'prod',
                    model: 'model:default/credit-default',
                    environment: 'production',
                  },
                  {
                    repository: 'acme/credit',
                    githubEnvironment: 'stage',
                    model: 'model:default/credit-default',
                    environment: 'staging',
                  },
                ],
              },
            },
            gitlab: {
              acme: {
                baseUrl: platforms.url,
                sharedSecret: SECRET,
                token: 'glpat-project',
                checks: [
                  {
                    project: 'acme/credit',
                    targetBranch: 'main',
                    model: 'model:default/credit-default',
                    environment: 'staging',
                  },
                  {
                    project: 'acme/credit',
                    targetBranch: 'release',
                    model: 'model:default/credit-default',
                    environment: 'production',
                  },
                ],
              },
            },
          },
        },
      },
    });

  beforeEach(async () => {
    knex = await databases.init(databaseId);
    platforms = await FakePlatforms.start();
    engine = await start();
    delivery = new TestDelivery(engine);
  });
  afterEach(async () => {
    await engine.stop();
    platforms.stop();
  });

  const prefix = '/api/model-delivery/release-hooks';
  const listed = async (): Promise<ReleaseQuestion[]> => {
    const { body } = await engine
      .as(people.dataScientist)
      .get(`${delivery.path}/release-questions`)
      .expect(answers(200));
    return body.items;
  };
  const audited = async (action: string): Promise<string[]> => {
    const { body } = await engine
      .as(people.dataScientist)
      .get(`/audit?action=${action}`)
      .expect(answers(200));
    return body.items.map((each: { summary: string }) => each.summary);
  };

  describe('Flagger', () => {
    /** Sends what Flagger's `CanaryWebhookPayload` is. */
    const ask = (
      hook: string,
      metadata: Record<string, string> | undefined,
      password = PASSWORD,
    ): request.Test =>
      engine.anonymous
        .post(`${prefix}/flagger/mesh/${hook}`)
        .auth('mesh', password)
        .send({
          name: 'credit',
          namespace: 'ml',
          phase: 'Progressing',
          checksum: '85d557f47b',
          metadata,
        });
    const named = {
      model: 'model:default/credit-default',
      environment: 'staging',
      version: 'v1',
    };

    it('is let go on while the version may, and told to roll back once it may not', async () => {
      await delivery.register('v1');
      await ask('confirm-rollout', named).expect(answers(200));
      await ask('confirm-promotion', named).expect(answers(200));
      await ask('rollback', named).expect(answers(403));

      await delivery.report('v1', { candidate: badFacts.candidate }, 'second');
      const halted = await ask('confirm-promotion', named).expect(answers(403));
      expect(halted.body.statement).toContain('held by The fairness gap');
      await ask('rollback', named).expect(answers(200));
    });

    it('neither goes on nor back while people are asked', async () => {
      await delivery.register('v1');
      await delivery.stage('v1');
      const production = { ...named, environment: 'production' };
      const halted = await ask('confirm-rollout', production).expect(
        answers(403),
      );
      expect(halted.body.verdict).toBe('waiting');
      await ask('rollback', production).expect(answers(403));
    });

    it('is answered once in the log however often it asks', async () => {
      await delivery.register('v1');
      for (let i = 0; i < 3; i++) {
        await ask('confirm-rollout', named).expect(answers(200));
      }
      expect(await listed()).toEqual([
        expect.objectContaining({
          platform: 'flagger',
          connection: 'mesh',
          about: 'confirm-rollout of the canary ml/credit',
          version: 'v1',
          environment: 'staging',
          state: 'answered',
          verdict: 'allowed',
        }),
      ]);
      expect(await audited('release.answered')).toHaveLength(1);
    });

    it('is refused by what does not fit, never with a yes', async () => {
      await delivery.register('v1');
      const { body: version } = await engine
        .as()
        .get(`${delivery.path}/versions/v1`)
        .expect(answers(200));
      for (const hook of ['confirm-rollout', 'rollback']) {
        await ask(hook, named, 'wrong').expect(answers(401));
        const bare = await ask(hook, { environment: 'staging' }).expect(
          answers(400),
        );
        expect(bare.body.error.message).toContain(
          'ml/credit does not say which release it is: model, version or digest missing',
        );
        await ask(hook, undefined).expect(answers(400));
        await ask(hook, { ...named, model: 'model:default/other' }).expect(
          answers(403),
        );
        await ask(hook, { ...named, environment: 'moon' }).expect(answers(400));
      }
      await ask('rollback', { ...named, version: 'v9' }).expect(answers(403));
      await ask('confirm-rollout', { ...named, version: 'v9' }).expect(
        answers(403),
      );
      await ask('pre-rollout', named).expect(answers(400));
      await ask('confirm-rollout', {
        ...named,
        digest: version.digest,
      }).expect(answers(200));
      const other = await ask('confirm-rollout', {
        ...named,
        digest: `sha256:${'f'.repeat(64)}`,
      }).expect(answers(403));
      expect(other.body.statement).toContain('is what is being released');
      await engine.anonymous
        .post(`${prefix}/flagger/nobody/confirm-rollout`)
        .auth('nobody', PASSWORD)
        .send({})
        .expect(answers(401));
      await engine.anonymous
        .post(`${prefix}/flagger/mesh/confirm-rollout`)
        .send({})
        .expect(answers(401));
      await ask('confirm-rollout', {
        ...named,
        more: 'x'.repeat(70_000),
      }).expect(answers(413));
    });
  });

  describe('GitHub', () => {
    /** The fields of the webhook that matter here, as GitHub's published types have them. */
    const payload = (
      more: {
        sha?: string;
        ref?: string;
        environment?: string;
        callback?: string;
        run?: number;
        payload?: GitHub['deployment']['payload'];
      } = {},
    ) => {
      const rule: Pick<
        GitHub['webhook-deployment-protection-rule-requested'],
        'action' | 'environment' | 'event' | 'deployment_callback_url'
      > = {
        action: 'requested',
        environment: more.environment ?? 'stage',
        event: 'push',
        deployment_callback_url:
          more.callback ??
          `${platforms.url}/repos/acme/credit/actions/runs/${
            more.run ?? 42
          }/deployment_protection_rule`,
      };
      const deployment: Pick<
        GitHub['deployment'],
        'id' | 'sha' | 'ref' | 'task' | 'payload' | 'environment'
      > = {
        id: 1000 + (more.run ?? 42),
        sha: more.sha ?? commitOf(1),
        ref: more.ref ?? 'main',
        task: 'deploy',
        payload: more.payload ?? {},
        environment: more.environment ?? 'stage',
      };
      const installation: GitHub['simple-installation'] = {
        id: 99,
        node_id: 'MDQ6VXNlcjU4MzIzMQ==',
      };
      return {
        ...rule,
        deployment,
        installation,
        pull_requests: [],
        repository: { full_name: 'acme/credit' },
      };
    };
    const send = (body: object | string, secret = SECRET, event = '') => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return engine.anonymous
        .post(`${prefix}/github/acme`)
        .set('content-type', 'application/json')
        .set('x-github-event', event || 'deployment_protection_rule')
        .set('x-github-delivery', '72d3162e-cc78-11e3-81ab-4c9367dc0958')
        .set(
          'x-hub-signature-256',
          `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`,
        )
        .send(text);
    };

    it('has a deployment approved as the app that the rule belongs to', async () => {
      await delivery.register('v1');
      await send(payload()).expect(answers(202));
      await until(async () => (await listed())[0]?.state === 'answered');

      const [token, answer] = platforms.requests;
      expect(token).toMatchObject({
        method: 'POST',
        path: '/app/installations/99/access_tokens',
        body: {
          repositories: ['credit'],
          permissions: { deployments: 'write' },
        },
      });
      const [header, claims, signature] = token.headers
        .authorization!.replace('Bearer ', '')
        .split('.');
      expect(
        createVerify('RSA-SHA256')
          .update(`${header}.${claims}`)
          .verify(createPublicKey(publicKey), signature, 'base64url'),
      ).toBe(true);
      const { iat, exp, iss } = JSON.parse(
        Buffer.from(claims, 'base64url').toString(),
      );
      expect(iss).toBe('4711');
      expect(exp - iat).toBeLessThanOrEqual(600);

      const body: GitHub['review-custom-gates-state-required'] = {
        environment_name: 'stage',
        state: 'approved',
        comment: 'Slipway: v1 to staging is allowed: its gates let it through',
      };
      expect(answer).toMatchObject({
        method: 'POST',
        path: '/repos/acme/credit/actions/runs/42/deployment_protection_rule',
        headers: { authorization: 'Bearer ghs_installation' },
        body,
      });
      expect(await audited('release.answered')).toEqual([
        'Answered run 42 of acme/credit, commit 1111111: v1 to staging is allowed: its gates let it through',
      ]);

      // The same delivery once more changes nothing
      await send(payload()).expect(answers(202));
      await send(payload()).expect(answers(202));
      engine.clock.advance({ hours: 1 });
      await new Promise(resolve => setTimeout(resolve, 300));
      expect(platforms.answers).toHaveLength(1);
    });

    it('is told why a deployment waits, and that it is rejected by those who were asked', async () => {
      await delivery.register('v1');
      await delivery.stage('v1');
      await send(payload({ environment: 'prod' })).expect(answers(202));
      await until(async () => platforms.answers.length === 1);
      const waiting: GitHub['review-custom-gates-comment-required'] = {
        environment_name: 'prod',
        comment:
          'Slipway: v1 to production waits: the policy asks for approvals, and nobody has requested a promotion',
      };
      expect(platforms.answers[0].body).toEqual(waiting);

      const { body } = await delivery
        .request('v1', 'production')
        .expect(answers(201));
      await delivery.until(body.id, 'awaiting-approval');
      answers(201)(
        await delivery.decide(
          body.id,
          people.riskManager,
          'model-risk-manager',
          { decision: 'reject', reason: 'Too early' },
        ),
      );
      engine.clock.advance({ minutes: 1 });
      await until(async () => (await listed())[0].state === 'answered');
      expect(
        platforms.answers[platforms.answers.length - 1].body,
      ).toMatchObject({ environment_name: 'prod', state: 'rejected' });
    });

    it('waits for a version that is not registered yet, and not for ever', async () => {
      await send(payload()).expect(answers(202));
      await send(payload({ run: 43, sha: commitOf(2) })).expect(answers(202));
      await until(async () => platforms.answers.length === 2);
      await delivery.register('v1');
      engine.clock.advance({ minutes: 1 });
      await until(async () => platforms.answers.length === 3);
      expect(platforms.answers[2].body).toMatchObject({ state: 'approved' });
      engine.clock.advance({ hours: 8 * 24 });
      await until(async () => platforms.answers.length === 4);
      expect(platforms.answers[3].body).toMatchObject({
        state: 'rejected',
        comment: expect.stringContaining('Nobody decided within 7 d'),
      });
    });

    it('is told after an outage, by another backend than the one that was killed', async () => {
      platforms.failWith = 503;
      await delivery.register('v1');
      await send(payload()).expect(answers(202));
      await until(async () => platforms.answers.length === 1);
      expect((await listed())[0]).toMatchObject({
        state: 'open',
        verdict: 'allowed',
        error: 'GitHub (acme) answered 503: ',
      });
      await engine.stop();
      // As if it had died with the question in its hands
      await knex('release_questions').update({
        lease_owner: 'gone',
        lease_until: engine.clock.now(),
      });
      platforms.failWith = undefined;
      engine.clock.advance({ minutes: 1 });
      engine = await start(engine.clock);
      delivery = new TestDelivery(engine);
      await until(async () => (await listed())[0].state === 'answered');
      expect(platforms.answers).toHaveLength(2);
    });

    it('takes a second answer as given where the first one was not heard of', async () => {
      platforms.failWith = 502;
      await delivery.register('v1');
      await send(payload()).expect(answers(202));
      await until(async () => platforms.answers.length === 1);
      platforms.failWith = 422;
      engine.clock.advance({ minutes: 1 });
      await until(async () => (await listed())[0].state === 'answered');

      await send(payload({ run: 43 })).expect(answers(202));
      await until(async () => (await listed())[0].state === 'failed');
      expect(await audited('release.unanswered')).toEqual([
        'Could not answer run 43 of acme/credit, commit 1111111: GitHub (acme) answered 422: ',
      ]);
    });

    it('has to say which of several versions of a commit it deploys', async () => {
      const registerAgain = async (version: string, data: string) =>
        engine
          .as()
          .post(`${delivery.path}/versions`, {
            version,
            parts: {
              code: { commit: commitOf(1) },
              data: [{ name: 'loans', version: data }],
              artifact: { digest: `sha256:${data.repeat(64)}` },
              configuration: [],
              parameters: {},
              trainedBy: people.dataScientist,
            },
            commits: [],
          })
          .expect(answers(201));
      await delivery.register('v1');
      await registerAgain('retrained', '7');
      await send(payload({ run: 1 })).expect(answers(202));
      await send(payload({ run: 2, ref: 'refs/tags/v1' })).expect(answers(202));
      await send(
        payload({ run: 3, payload: { slipway: { version: 'v1' } } }),
      ).expect(answers(202));
      await send(
        payload({
          run: 4,
          sha: commitOf(2),
          payload: { slipway: { version: 'v1' } },
        }),
      ).expect(answers(202));
      await until(async () => platforms.answers.length === 4);
      const comments = Object.fromEntries(
        (await listed()).map(each => [each.about.slice(0, 5), each]),
      );
      expect(comments['run 1']).toMatchObject({
        verdict: 'refused',
        statement: expect.stringContaining(
          '2 versions of model:default/credit-default were built from commit',
        ),
      });
      expect(comments['run 2']).toMatchObject({
        verdict: 'allowed',
        version: 'v1',
      });
      expect(comments['run 3']).toMatchObject({
        verdict: 'allowed',
        version: 'v1',
      });
      expect(comments['run 4']).toMatchObject({
        verdict: 'refused',
        statement: expect.stringContaining('was built from commit 1111'),
      });
    });

    it('is refused with another signature, event, repository, environment or callback', async () => {
      await delivery.register('v1');
      await send(payload(), 'x'.repeat(32)).expect(answers(401));
      await engine.anonymous
        .post(`${prefix}/github/acme`)
        .set('x-github-event', 'deployment_protection_rule')
        .send(payload())
        .expect(answers(401));
      await send('{', SECRET).expect(answers(400));
      await send({ zen: 'Keep it simple' }, SECRET, 'ping').expect(
        answers(202),
      );
      await send({ ...payload(), action: 'created' }).expect(answers(400));
      const unmapped = await send(payload({ environment: 'moon' })).expect(
        answers(403),
      );
      expect(unmapped.body.error.message).toContain(
        'Nothing says which model acme/credit deploys to "moon"; name it in modelDelivery.releaseHooks.github.acme.deployments',
      );
      await send({
        ...payload(),
        repository: { full_name: 'mallory/credit' },
      }).expect(answers(403));
      const run =
        '/repos/acme/credit/actions/runs/42/deployment_protection_rule';
      for (const callback of [
        `http://169.254.169.254${run}`,
        `${platforms.url}@evil.example.com${run}`,
        `${platforms.url}.evil.example.com${run}`,
        `${platforms.url}${run}?x=1`,
        `${platforms.url}${run}#x`,
        `${platforms.url}/repos/acme/other/actions/runs/42/deployment_protection_rule`,
        `${platforms.url}/repos/acme/credit/actions/runs/../../../user/deployment_protection_rule`,
        `${platforms.url}/repos/acme/credit/actions/runs/42/cancel`,
        'file:///etc/passwd',
        'nonsense',
      ]) {
        const refused = await send(payload({ callback })).expect(answers(400));
        expect(refused.body.error.message).toContain('deployment_callback_url');
      }
      await send({ ...payload(), more: 'x'.repeat(1_100_000) }).expect(
        answers(413),
      );
      expect(await listed()).toEqual([]);
      expect(platforms.requests).toEqual([]);
    });
  });

  describe('GitLab', () => {
    /** As in the example of GitLab's "External status checks API". */
    const payload = (sha: string, more: object = {}) => ({
      object_kind: 'merge_request',
      event_type: 'merge_request',
      user: { id: 1, name: 'Administrator', username: 'root' },
      project: {
        id: 6,
        name: 'credit',
        web_url: 'https://gitlab.example.com/acme/credit',
        path_with_namespace: 'acme/credit',
        default_branch: 'main',
      },
      object_attributes: {
        id: 144,
        iid: 4,
        source_branch: 'retrain',
        target_branch: 'main',
        source_project_id: 6,
        target_project_id: 6,
        state: 'opened',
        last_commit: {
          id: sha,
          message: 'Retrain',
          timestamp: '2022-12-07T07:52:11+00:00',
        },
      },
      labels: [],
      changes: {},
      repository: { name: 'credit' },
      external_approval_rule: {
        id: 1,
        name: 'Slipway',
        external_url: 'https://portal.example.com/',
      },
      ...more,
    });
    const send = (body: object, secret = SECRET) => {
      const text = JSON.stringify(body);
      return engine.anonymous
        .post(`${prefix}/gitlab/acme`)
        .set('content-type', 'application/json')
        .set(
          'x-gitlab-signature',
          createHmac('sha256', secret).update(text).digest('hex'),
        )
        .send(text);
    };

    it('has a check wait, fail and, asked again, pass', async () => {
      await send(payload(commitOf(1))).expect(answers(202));
      await until(async () => platforms.answers.length === 1);
      expect(platforms.answers[0]).toMatchObject({
        method: 'POST',
        path: '/api/v4/projects/6/merge_requests/4/status_check_responses',
        headers: { 'private-token': 'glpat-project' },
        body: {
          sha: commitOf(1),
          external_status_check_id: 1,
          status: 'pending',
        },
      });
      await delivery.register('v1', { facts: badFacts });
      engine.clock.advance({ minutes: 1 });
      await until(async () => platforms.answers.length === 2);
      expect(platforms.answers[1].body.status).toBe('failed');

      await delivery.report('v1', goodFacts(1), 'second');
      await send(payload(commitOf(1))).expect(answers(202));
      await until(async () => platforms.answers.length === 3);
      expect(platforms.answers[2].body.status).toBe('passed');
      expect(await listed()).toHaveLength(1);
    });

    it('asks anew for where a merge request was moved to', async () => {
      await delivery.register('v1', { facts: goodFacts(1) });
      await send(payload(commitOf(1))).expect(answers(202));
      await until(async () => platforms.answers.length === 1);
      expect(platforms.answers[0].body.status).toBe('passed');

      // Production asks for more than staging
      const { object_attributes: attributes } = payload(commitOf(1));
      await send(
        payload(commitOf(1), {
          object_attributes: { ...attributes, target_branch: 'release' },
        }),
      ).expect(answers(202));
      await until(async () => platforms.answers.length === 2);
      expect(platforms.answers[1].body.status).not.toBe('passed');
      expect(await listed()).toMatchObject([{ environment: 'production' }]);
    });

    it('is refused with another signature, project or branch', async () => {
      await send(payload(commitOf(1)), 'x'.repeat(32)).expect(answers(401));
      await engine.anonymous
        .post(`${prefix}/gitlab/acme`)
        .send(payload(commitOf(1)))
        .expect(answers(401));
      const { object_attributes: attributes } = payload(commitOf(1));
      const refused = await send(
        payload(commitOf(1), {
          object_attributes: { ...attributes, target_branch: 'next' },
        }),
      ).expect(answers(403));
      expect(refused.body.error.message).toContain(
        'modelDelivery.releaseHooks.gitlab.acme.checks',
      );
      await send(payload('not a sha')).expect(answers(400));
      expect(platforms.requests).toEqual([]);
    });
  });
});
