import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nodeTransform, root, slipwayFolder, stateFolder } from './paths.mjs';
import {
  INSTANCE_VARIABLE,
  loadSecrets,
  pipelineTokenFile,
  readNote,
  writeNote,
} from './state.mjs';
import { StepError } from './steps.mjs';

const HOST = '127.0.0.1';
const READY_MS = 120_000;
const CATALOG_MS = 60_000;
const PORTFOLIO_MS = 10 * 60_000;

const orgFile = join(root, 'examples/org.yaml');
const demoSources = join(root, 'packages/demo/src');

const RESET =
  'Try again; when it keeps failing, `npm run reset` starts from empty state.';

/** The parts of the demo that `npm start` and `yarn dev` share. */
export class Demo {
  #services;
  #node;
  #env;
  #urls;
  #configs;

  /**
   * @param {{ services: import('./services.mjs').Services, node: string, env: NodeJS.ProcessEnv,
   *   ports: { app: number, backend: number, identity: number }, configs?: string[] }} options
   *   `configs`: further configuration files, the last one wins
   */
  constructor({ services, node, env, ports, configs = [] }) {
    this.#services = services;
    this.#configs = configs;
    this.#node = node;
    mkdirSync(join(stateFolder, 'work'), { recursive: true });
    const secrets = loadSecrets();
    this.#urls = {
      app: `http://${HOST}:${ports.app}`,
      backend: `http://${HOST}:${ports.backend}`,
      identity: `http://${HOST}:${ports.identity}`,
    };
    this.#env = {
      ...env,
      [INSTANCE_VARIABLE]: secrets.instance,
      SLIPWAY_STATE_DIR: stateFolder,
      SLIPWAY_APP_URL: this.#urls.app,
      SLIPWAY_BACKEND_URL: this.#urls.backend,
      SLIPWAY_PORT: String(ports.backend),
      SLIPWAY_SESSION_SECRET: secrets.sessionSecret,
      SLIPWAY_OIDC_METADATA_URL: `${
        this.#urls.identity
      }/.well-known/openid-configuration`,
      SLIPWAY_OIDC_CLIENT_ID: 'slipway',
      SLIPWAY_OIDC_CLIENT_SECRET: secrets.oidcClientSecret,
      SLIPWAY_PIPELINE_TOKEN: secrets.pipelineToken,
      SLIPWAY_PIPELINE_TOKEN_FILE: pipelineTokenFile,
      SLIPWAY_LAUNCHER_TOKEN: randomBytes(32).toString('base64url'),
      SLIPWAY_IDENTITY_PORT: String(ports.identity),
      SLIPWAY_IDENTITY_STATE_DIR: join(stateFolder, 'identity-provider'),
      SLIPWAY_ORG_FILE: orgFile,
      SLIPWAY_MLFLOW_VENV:
        env.SLIPWAY_MLFLOW_VENV ?? join(slipwayFolder, 'peers/venv'),
      // What the demo does stays here, and reaches the loopback without a detour
      NO_PROXY: [env.NO_PROXY ?? env.no_proxy, HOST, 'localhost']
        .filter(Boolean)
        .join(','),
    };
  }

  /** Environment of every process of the demo. */
  get env() {
    return this.#env;
  }

  get urls() {
    return this.#urls;
  }

  /** Starts a TypeScript source of packages/demo as a process. */
  #startSource(name, file, env = {}) {
    return this.#services.start({
      name,
      command: this.#node,
      args: ['--enable-source-maps', '--require', nodeTransform, file],
      cwd: root,
      env: { ...this.#env, ...env },
    });
  }

  async startIdentityProvider() {
    const service = this.#startSource(
      'identity-provider',
      join(demoSources, 'identityProvider/main.ts'),
    );
    await this.#services.waitFor(
      service,
      () => isOk(this.#env.SLIPWAY_OIDC_METADATA_URL),
      { timeoutMs: READY_MS, todo: RESET },
    );
    return service;
  }

  /** Starts the one backend that serves everything, the built frontend included. */
  async startBackend() {
    const service = this.#services.start({
      name: 'backend',
      command: this.#node,
      args: [
        // The scaffolder's sandbox does not work with Node's start-up snapshot
        '--no-node-snapshot',
        '--enable-source-maps',
        '--require',
        nodeTransform,
        join(root, 'packages/backend/src/index.ts'),
        ...demoConfigs(this.#env, this.#configs),
      ],
      cwd: join(root, 'packages/backend'),
      env: { ...this.#env, NODE_ENV: 'production' },
    });
    await this.waitForBackend(service);
    return service;
  }

  async waitForBackend(service, timeoutMs = READY_MS) {
    await this.#services.waitFor(
      service,
      () => isOk(`${this.#urls.backend}/.backstage/health/v1/readiness`),
      { timeoutMs, todo: RESET },
    );
  }

  /** Waits until the catalog knows the sample company, without which nobody can sign in. */
  async waitForPeople(service) {
    const expected = readFileSync(orgFile, 'utf8').match(
      /^kind: User$/gm,
    ).length;
    const url = `${
      this.#urls.backend
    }/api/catalog/entities/by-query?limit=0&filter=kind=user`;
    await this.#services.waitFor(
      service,
      async () => {
        const response = await fetch(url, {
          headers: {
            authorization: `Bearer ${this.#env.SLIPWAY_LAUNCHER_TOKEN}`,
          },
        });
        return response.ok && (await response.json()).totalItems >= expected;
      },
      { timeoutMs: CATALOG_MS, todo: RESET },
    );
  }

  /** Whether there is a sample portfolio that this state does not hold yet. */
  get portfolioIsMissing() {
    return (
      existsSync(join(demoSources, 'portfolio/main.ts')) &&
      !readNote('portfolio')?.loadedAt
    );
  }

  /** Loads the sample portfolio through the public API, as a pipeline would report it. */
  async loadPortfolio() {
    const service = this.#startSource(
      'portfolio',
      join(demoSources, 'portfolio/main.ts'),
      this.#reporter(),
    );
    const timer = setTimeout(
      () => process.kill(service.pid, 'SIGTERM'),
      PORTFOLIO_MS,
    );
    const exit = await service.ended;
    clearTimeout(timer);
    if (exit !== 0) {
      throw new StepError(`The loader ended with ${exit}`, {
        log: service.log,
        todo: 'The portal works without the sample. Start again to go on loading, or `npm run reset` first to load it anew.',
      });
    }
    writeNote('portfolio', { loadedAt: new Date().toISOString() });
  }

  get hasTraffic() {
    return existsSync(join(demoSources, 'traffic/main.ts'));
  }

  /** Starts the sample traffic on the models that are served. */
  startTraffic() {
    return this.#startSource(
      'traffic',
      join(demoSources, 'traffic/main.ts'),
      this.#reporter(),
    );
  }

  #reporter() {
    return {
      SLIPWAY_URL: this.#urls.backend,
      SLIPWAY_TOKEN: this.#env.SLIPWAY_PIPELINE_TOKEN,
    };
  }
}

/** The arguments that name the demo's configuration files to a backend. */
export function demoConfigs(env, further = []) {
  return [
    'app-config.yaml',
    'app-config.demo.yaml',
    ...(env.SLIPWAY_MLFLOW_URL ? ['app-config.mlflow.yaml'] : []),
    ...further,
  ].flatMap(file => ['--config', resolve(root, file)]);
}

/** The people whom the sign-in page offers, as lines of text. */
export function personaLines() {
  const personas = readFileSync(orgFile, 'utf8')
    .split(/^---$/m)
    .map(text => ({
      persona: field(text, 'slipway\\.dev/persona'),
      name: field(text, 'title'),
      summary: field(text, 'description'),
    }))
    .filter(({ persona }) => persona);
  const width = key => Math.max(...personas.map(each => each[key].length));
  return personas.map(
    each =>
      `${each.persona.padEnd(width('persona'))}  ${each.name.padEnd(
        width('name'),
      )}  ${each.summary}`,
  );
}

function field(text, name) {
  return text.match(new RegExp(`^ +${name}: (.*)$`, 'm'))?.[1];
}

async function isOk(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  return response.ok;
}
