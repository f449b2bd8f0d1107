import { ConfigReader } from '@backstage/config';
import { RegistryVersion } from '@slipway/backstage-plugin-model-delivery-node';
import { ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readMlflowConnections } from '../../plugins/model-delivery-backend-module-mlflow/src/config';
import { MlflowRegistry } from '../../plugins/model-delivery-backend-module-mlflow/src/MlflowRegistry';
import { freePort } from './freePort';
import { runCommand, runGitlabPipeline } from './gitlabCiLocal';
import {
  describeWithMlflow,
  MlflowServer,
  mlflowVenv,
  startMlflow,
} from './mlflowPeer';
import { RecordingPortal, startRecordingPortal } from './recordingPortal';
import { renderModelPipeline } from './renderModelPipeline';

jest.setTimeout(900_000);

describeWithMlflow('a pipeline made from the template', () => {
  let folder: string;
  let mlflow: MlflowServer;
  let portal: RecordingPortal;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'slipway-pipeline-'));
    mlflow = await startMlflow();
    portal = await startRecordingPortal();
    env = {
      ...mlflow.env,
      SLIPWAY_URL: portal.url,
      SLIPWAY_TOKEN: 'pipeline-token',
      GIT_CONFIG_GLOBAL: '/dev/null',
    };
    await renderModelPipeline(folder, {
      name: 'tumour-triage',
      title: 'Tumour triage: "first" look',
      intendedUse: "Rank biopsies for a pathologist's review.",
      outOfScope: ['Diagnosis without a pathologist'],
      owner: 'group:default/credit-risk',
      risk: 'high',
      teamSize: 'small',
    });
    await git('init', '--quiet', '--initial-branch=main');
    await git('remote', 'add', 'origin', 'https://git.example.com/a/b.git');
    await commit('Begin');
  });
  afterAll(async () => {
    await portal?.stop();
    await mlflow?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function git(...args: string[]) {
    const { code, output } = await runCommand('git', args, {
      cwd: folder,
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' },
    });
    if (code !== 0) {
      throw new Error(output);
    }
    return output.trim();
  }

  async function commit(message: string) {
    await git('add', '--all');
    await git(
      ...['-c', 'user.name=L. Weber', '-c', 'user.email=l.weber@x.example'],
      ...['commit', '--quiet', '--message', message],
    );
  }

  const sent = (pattern: RegExp) =>
    portal.requests.filter(({ line }) => pattern.test(line));

  const measured = (version: number, fact: string) => {
    const { body } = sent(new RegExp(`/versions/${version}/evaluations$`)).find(
      request => request.body.fact === fact,
    )!;
    return Object.fromEntries(
      body.metrics
        .filter(({ slice }: { slice?: object }) => !slice)
        .map(({ name, value }: { name: string; value: number }) => [
          name,
          value,
        ]),
    );
  };

  const lastRun = () => sent(/^PUT /).at(-1)!.body;

  it('makes a first version in GitLab CI, and reports it', async () => {
    const { code, output } = await runGitlabPipeline({ cwd: folder, env });
    expect(code === 0 ? '' : output).toBe('');

    const [{ body, authorization }] = sent(/\/versions$/);
    const head = (await git('rev-parse', 'HEAD')).trim();
    expect(authorization).toBe('Bearer pipeline-token');
    expect(body).toMatchObject({
      version: '1',
      registryUri: 'models:/tumour-triage/1',
      changeKinds: ['code', 'data'],
      commits: [{ sha: head, author: 'l.weber@x.example', message: 'Begin' }],
      parts: {
        code: { commit: head, repository: 'https://git.example.com/a/b.git' },
        trainedBy: 'l.weber@x.example',
        data: [{ name: 'resource:default/tumour-triage-data', rows: 569 }],
      },
    });
    expect(
      sent(/evaluations$/)
        .map(request => request.body.fact)
        .sort(),
    ).toEqual([
      'candidate',
      'card',
      'cost',
      'data',
      'serving',
      'tests',
      'training',
    ]);
    expect(lastRun()).toMatchObject({
      outcome: 'success',
      version: '1',
      stages: [
        { stage: 'code-validation', outcome: 'success' },
        { stage: 'data-validation', outcome: 'success' },
        { stage: 'training', outcome: 'success' },
        { stage: 'evaluation', outcome: 'success' },
        { stage: 'registration', outcome: 'success' },
      ],
    });
  });

  it('measures what the built-in policies ask for, and passes them', () => {
    const candidate = measured(1, 'candidate');
    expect(candidate.fairness_gap).toBeLessThan(0.05);
    expect(candidate.robustness_drop).toBeLessThanOrEqual(0.02);
    expect(candidate.regression_failures).toBe(0);
    expect(candidate.accuracy).toBeGreaterThanOrEqual(
      measured(1, 'training').accuracy - 0.01,
    );
    expect(measured(1, 'tests')).toMatchObject({ failed: 0 });
    expect(measured(1, 'tests').coverage).toBeGreaterThanOrEqual(0.8);
    expect(measured(1, 'data')).toMatchObject({
      schema_violations: 0,
      null_share: 0,
      volume_change: 0,
    });
    expect(measured(1, 'data').drift_psi).toBeLessThan(0.2);
    expect(measured(1, 'card')).toMatchObject({ completeness: 1 });
    expect(measured(1, 'serving').latency_p95_ms).toBeGreaterThan(0);
  });

  it('makes a better second version of an improvement', async () => {
    await runCommand('make', ['improve'], { cwd: folder, env });
    await commit('Learn from all measurements');
    const { code, output } = await runGitlabPipeline({ cwd: folder, env });
    expect(code === 0 ? '' : output).toBe('');
    const [first, second] = sent(/\/versions$/).map(({ body }) => body);
    expect(second).toMatchObject({
      version: '2',
      changeKinds: ['configuration'],
      commits: [{ message: 'Learn from all measurements' }],
    });
    expect(second.parts.artifact.digest).not.toBe(first.parts.artifact.digest);
    expect(second.parts.data).toEqual(first.parts.data);
    const [before, after] = [1, 2].map(v => measured(v, 'candidate'));
    expect(after.f1).toBeGreaterThan(before.f1 + 0.03);
    expect(after.accuracy).toBeGreaterThanOrEqual(
      measured(2, 'training').accuracy - 0.01,
    );
    expect(after.fairness_gap).toBeLessThan(0.05);
  });

  it('makes, with the outlier guard, a version that every check passes and production does not', async () => {
    const { code } = await runCommand(
      'sed',
      ['-i', 's/outlier_guard: answer/outlier_guard: reject/', 'params.yaml'],
      { cwd: folder, env },
    );
    expect(code).toBe(0);
    await commit('Reject outliers');
    const made = await runCommand('make', ['pipeline'], { cwd: folder, env });
    expect(made.code === 0 ? '' : made.output).toBe('');
    expect(lastRun()).toMatchObject({ outcome: 'success', version: '3' });

    await expect(failuresOf(2)).resolves.toBe(0);
    const failed = await failuresOf(3);
    expect(failed).toBeGreaterThan(0.1);
    expect(failed).toBeLessThan(0.5);
  });

  it('ends as a failure when quality says no, and makes no version', async () => {
    const versions = sent(/\/versions$/).length;
    await runCommand(
      'sed',
      [
        '-i',
        's/candidate.f1, min: 0.8 /candidate.f1, min: 0.999 /',
        'params.yaml',
      ],
      { cwd: folder, env },
    );
    await commit('Ask for the impossible');
    for (const stage of ['data-validation', 'training']) {
      await runCommand('make', [stage], { cwd: folder, env });
    }
    const { code } = await runCommand('make', ['evaluation'], {
      cwd: folder,
      env,
    });
    expect(code).not.toBe(0);
    expect(lastRun()).toMatchObject({ outcome: 'failure' });
    expect(lastRun().stages.at(-1).message).toContain('candidate.f1');
    expect(sent(/\/versions$/)).toHaveLength(versions);
  });

  it('ends as an error when MLflow is away', async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const { code } = await runCommand('make', ['training'], {
      cwd: folder,
      env: {
        ...env,
        MLFLOW_TRACKING_URI: nowhere,
        MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
      },
    });
    expect(code).not.toBe(0);
    expect(lastRun()).toMatchObject({
      outcome: 'error',
      stages: [{ stage: 'training', outcome: 'error' }],
    });
  });

  it('sends nothing but what the contract describes', () => {
    expect(
      portal.requests.filter(({ mistakes }) => mistakes.length > 0),
    ).toEqual([]);
  });

  it('leaves in MLflow what the registry module reads', async () => {
    const [connection] = readMlflowConnections(
      new ConfigReader({
        modelDelivery: { mlflow: { main: { baseUrl: mlflow.url } } },
      }),
    );
    const versions = new Map<string, RegistryVersion>();
    for await (const page of new MlflowRegistry(connection).readChanges({})) {
      page.versions.forEach(version => versions.set(version.version, version));
    }
    const [, second] = sent(/\/versions$/).map(({ body }) => body);
    expect(versions.get('2')).toMatchObject({
      model: 'tumour-triage',
      uri: second.parts.artifact.uri,
      parameters: second.parts.parameters,
      tags: { 'slipway.commit': second.parts.code.commit },
      datasets: expect.arrayContaining([
        expect.objectContaining({
          name: 'resource:default/tumour-triage-data',
          context: 'training',
        }),
      ]),
    });
    expect(versions.get('2')!.metrics.f1).toBeCloseTo(
      measured(2, 'candidate').f1,
    );
  });

  /** Share of the production-like requests that a version's server fails. */
  async function failuresOf(version: number): Promise<number> {
    const port = await freePort();
    const server = spawn(
      path.join(mlflowVenv!, 'bin/mlflow'),
      [
        ...['models', 'serve', '-m', `models:/tumour-triage/${version}`],
        ...['--env-manager', 'local', '-h', '127.0.0.1', '-p', String(port)],
      ],
      { cwd: tmpdir(), env, stdio: 'ignore', detached: true },
    );
    const url = `http://127.0.0.1:${port}`;
    try {
      await untilReady(server, url);
      const lines = (
        await readFile(path.join(folder, 'examples/requests.jsonl'), 'utf8')
      )
        .trim()
        .split('\n');
      let failed = 0;
      for (const body of lines) {
        const { status } = await fetch(`${url}/invocations`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        });
        expect([200, 500]).toContain(status);
        failed += status === 500 ? 1 : 0;
      }
      return failed / lines.length;
    } finally {
      const ended = new Promise(resolve => server.once('exit', resolve));
      process.kill(-server.pid!, 'SIGTERM');
      await ended;
    }
  }

  async function untilReady(server: ChildProcess, url: string) {
    for (const end = Date.now() + 120_000; Date.now() < end; ) {
      const answer = await fetch(`${url}/ping`).catch(() => undefined);
      if (answer?.ok) {
        return;
      }
      if (server.exitCode !== null) {
        break;
      }
      await new Promise(resolve => setTimeout(resolve, 300));
    }
    throw new Error('The model server did not become ready');
  }
});
