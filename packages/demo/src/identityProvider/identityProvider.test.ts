import { ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readPeople } from './people';
import { signInPage } from './signInPage';

const ROOT = resolve(__dirname, '../../../..');
const ORG_FILE = join(ROOT, 'examples/org.yaml');
const CLIENT = { id: 'slipway', secret: 'a secret of this test alone' };

/** The provider as `npm start` runs it: a process of its own. */
class RunningProvider {
  readonly issuer: string;
  readonly #process: ChildProcess;

  private constructor(issuer: string, child: ChildProcess) {
    this.issuer = issuer;
    this.#process = child;
  }

  static async start(port: number, stateFolder: string) {
    const child = spawn(
      process.execPath,
      [
        '--require',
        join(ROOT, 'node_modules/@backstage/cli-node/config/nodeTransform.cjs'),
        join(__dirname, 'main.ts'),
      ],
      {
        env: {
          PATH: process.env.PATH,
          SLIPWAY_IDENTITY_PORT: String(port),
          SLIPWAY_IDENTITY_STATE_DIR: stateFolder,
          SLIPWAY_ORG_FILE: ORG_FILE,
          SLIPWAY_OIDC_CLIENT_ID: CLIENT.id,
          SLIPWAY_OIDC_CLIENT_SECRET: CLIENT.secret,
          SLIPWAY_BACKEND_URL: 'http://127.0.0.1:1',
          SLIPWAY_APP_URL: 'http://127.0.0.1:2',
        },
      },
    );
    await new Promise<void>((done, failed) => {
      let output = '';
      child.stdout!.on('data', chunk => {
        output += chunk;
        if (output.includes('ready')) {
          done();
        }
      });
      child.stderr!.on('data', chunk => (output += chunk));
      child.once('exit', code =>
        failed(new Error(`ended with ${code}: ${output}`)),
      );
    });
    return new RunningProvider(`http://127.0.0.1:${port}`, child);
  }

  async stop() {
    const ended = new Promise(done => this.#process.once('exit', done));
    this.#process.kill('SIGTERM');
    await ended;
  }
}

/** A browser that keeps cookies and shows redirects. */
class Browser {
  readonly #cookies = new Map<string, string>();

  async open(url: string, form?: Record<string, string>) {
    const response = await fetch(url, {
      redirect: 'manual',
      method: form ? 'POST' : 'GET',
      body: form && new URLSearchParams(form),
      headers: {
        cookie: [...this.#cookies].map(([k, v]) => `${k}=${v}`).join('; '),
      },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/)!;
      this.#cookies.set(name, value);
    }
    return response;
  }
}

const freePort = () =>
  new Promise<number>(done => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });

describe('the demo’s identity provider', () => {
  const stateFolder = mkdtempSync(join(tmpdir(), 'slipway-identity-'));
  const redirectUri = 'http://127.0.0.1:1/api/auth/oidc/handler/frame';
  let provider: RunningProvider;
  let port: number;

  const authorizeUrl = (change: Record<string, string> = {}) =>
    `${provider.issuer}/auth?${new URLSearchParams({
      client_id: CLIENT.id,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid profile email',
      state: 'the state',
      prompt: 'login',
      ...change,
    })}`;

  const tokens = async (
    form: Record<string, string>,
    secret = CLIENT.secret,
  ) => {
    const response = await fetch(`${provider.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: {
        authorization: `Basic ${Buffer.from(
          `${CLIENT.id}:${encodeURIComponent(secret)}`,
        ).toString('base64')}`,
      },
    });
    return { status: response.status, body: await response.json() };
  };

  const userinfo = async (accessToken: string) => {
    const response = await fetch(`${provider.issuer}/me`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    return response.json();
  };

  /** Opens the sign-in page; returns it and where it is. */
  const openSignIn = async (browser: Browser) => {
    const start = await browser.open(authorizeUrl());
    const path = start.headers.get('location')!;
    const page = await browser.open(`${provider.issuer}${path}`);
    return {
      url: `${provider.issuer}${path}`,
      html: await page.text(),
      policy: page.headers.get('content-security-policy'),
    };
  };

  /** Follows redirects within the provider; returns the address that it sends the portal. */
  const follow = async (browser: Browser, response: Response) => {
    let location = response.headers.get('location')!;
    while (location.startsWith(provider.issuer)) {
      const next = await browser.open(location);
      location = next.headers.get('location')!;
    }
    return new URL(location);
  };

  const signIn = async (person: string, browser = new Browser()) => {
    const { url } = await openSignIn(browser);
    const answer = await follow(browser, await browser.open(url, { person }));
    return tokens({
      grant_type: 'authorization_code',
      code: answer.searchParams.get('code')!,
      redirect_uri: redirectUri,
    });
  };

  beforeAll(async () => {
    port = await freePort();
    provider = await RunningProvider.start(port, stateFolder);
  }, 30_000);

  afterAll(async () => {
    await provider?.stop();
    rmSync(stateFolder, { recursive: true, force: true });
  });

  it('offers every persona, and says that it is for the demo only', async () => {
    const { html } = await openSignIn(new Browser());

    for (const persona of [
      'Data scientist',
      'ML engineer',
      'Team lead',
      'Model risk manager',
      'Compliance officer',
      'Platform engineer',
      'Auditor',
      'On-call engineer',
      'Outsider',
    ]) {
      expect(html).toContain(`<b>${persona}</b>`);
    }
    expect(html).toContain('demo only');
  });

  it('signs in as the person that was picked, with the address that the catalog knows', async () => {
    const { status, body } = await signIn('m.okafor');

    expect(status).toBe(200);
    expect(await userinfo(body.access_token)).toMatchObject({
      sub: 'm.okafor',
      name: 'M. Okafor',
      email: 'm.okafor@harbour.example',
      email_verified: true,
    });
  });

  it('keeps a session over a restart', async () => {
    const { body } = await signIn('s.iyer');
    await provider.stop();
    provider = await RunningProvider.start(port, stateFolder);

    const refreshed = await tokens({
      grant_type: 'refresh_token',
      refresh_token: body.refresh_token,
    });

    expect(refreshed.status).toBe(200);
    expect(await userinfo(refreshed.body.access_token)).toMatchObject({
      sub: 's.iyer',
    });
  }, 30_000);

  it('makes one somebody else in the same browser', async () => {
    const browser = new Browser();
    const first = await signIn('l.weber', browser);
    const second = await signIn('r.castellano', browser);

    expect(await userinfo(second.body.access_token)).toMatchObject({
      sub: 'r.castellano',
    });
    const old = await tokens({
      grant_type: 'refresh_token',
      refresh_token: first.body.refresh_token,
    });
    expect(old.status).toBe(400);
  });

  it('lets the browser go on to the backend and the portal, and nowhere else', async () => {
    const { policy } = await openSignIn(new Browser());

    expect(policy).toContain(
      "form-action 'self' http://127.0.0.1:1 http://127.0.0.1:2;",
    );
    expect(policy).toContain("default-src 'none'");
  });

  it('asks again when nobody or an unknown person was picked', async () => {
    const browser = new Browser();
    const { url } = await openSignIn(browser);

    const answer = await browser.open(url, { person: 'somebody.else' });

    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Who are you today?');
  });

  it('tells the portal when signing in was cancelled', async () => {
    const browser = new Browser();
    const { url } = await openSignIn(browser);

    const answer = await follow(browser, await browser.open(`${url}/cancel`));

    expect(answer.searchParams.get('error')).toBe('access_denied');
  });

  it('explains an interaction that is over, or was begun in another browser', async () => {
    const { url } = await openSignIn(new Browser());

    const answer = await new Browser().open(url);

    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('This sign-in has expired');
  });

  it('refuses another address to send the answer to, and a wrong secret', async () => {
    const elsewhere = await new Browser().open(
      authorizeUrl({ redirect_uri: 'http://127.0.0.1:2/stolen' }),
    );
    expect(elsewhere.status).toBe(400);
    expect(elsewhere.headers.get('location')).toBeNull();

    const { status } = await tokens(
      {
        grant_type: 'authorization_code',
        code: 'x',
        redirect_uri: redirectUri,
      },
      'another secret',
    );
    expect(status).toBe(401);
  });

  it('keeps its keys and sessions for its owner’s eyes only', () => {
    const files = readdirSync(stateFolder);
    expect(files).toEqual(
      expect.arrayContaining(['keys.json', 'sessions.json']),
    );
    for (const file of files) {
      expect(statSync(join(stateFolder, file)).mode & 0o077).toBe(0);
    }
  });
});

describe('the sign-in page', () => {
  it('shows names as text, whatever they hold', () => {
    const html = signInPage({
      people: [
        {
          id: '"><script>',
          displayName: '<script>alert(1)</script>',
          email: 'a@b.example',
          persona: 'A & B',
          summary: "'x'",
        },
      ],
      action: '/interaction/1',
      cancel: '/interaction/1/cancel',
    });
    expect(html).not.toContain('<script>');
  });
});

describe('the people of the sample company', () => {
  it('has nine personas, each with one line about what they do', () => {
    const personas = readPeople(ORG_FILE).filter(({ persona }) => persona);
    expect(personas).toHaveLength(9);
    personas.forEach(({ summary }) => expect(summary).toMatch(/^\S.{10,70}$/));
  });
});
