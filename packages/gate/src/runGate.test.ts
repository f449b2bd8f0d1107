import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { runGate } from './runGate';

/** An answer of the portal: its status and body. */
type Answer = [number, unknown];

const verdict = (more: object) => ({
  model: 'model:default/credit-default',
  version: 'v3',
  environment: 'production',
  verdict: 'allowed',
  allowed: true,
  statement: 'v3 to production is allowed: its gates let it through',
  promotion: null,
  blocking: [],
  policy: { name: 'high', digest: 'sha256:0' },
  ...more,
});
const WAITING = verdict({
  verdict: 'waiting',
  allowed: false,
  statement: 'v3 to production waits: promotion 7 is awaiting-approval',
});

describe('slipway-gate', () => {
  let server: Server;
  let url: string;
  let answers: Answer[];
  let asked: IncomingMessage[];

  beforeEach(async () => {
    answers = [];
    asked = [];
    server = createServer((request, response) => {
      asked.push(request);
      const [status, body] = answers.length > 1 ? answers.shift()! : answers[0];
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify(body));
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise(done => server.close(done)));

  /** Runs it against the server; its clock moves as it sleeps. */
  async function run(
    args: string[] = [],
    env: Record<string, string> = { SLIPWAY_TOKEN: 'secret-token' },
  ) {
    const printed: string[] = [];
    let now = 0;
    const code = await runGate(
      [
        ...['--model', 'credit-default', '--version', 'v3'],
        ...['--environment', 'production', ...args],
      ],
      { SLIPWAY_URL: url, ...env },
      {
        fetch,
        now: () => now,
        sleep: async ms => {
          now += ms;
        },
        out: line => printed.push(line),
        err: line => printed.push(line),
      },
    );
    return { code, printed: printed.join('\n') };
  }

  it('lets a pipeline go on when the version is allowed', async () => {
    answers = [[200, verdict({})]];
    expect(await run()).toEqual({
      code: 0,
      printed:
        'v3 to production is allowed: its gates let it through\n  policy high',
    });
    expect(asked[0].url).toBe(
      '/api/model-delivery/models/default/credit-default/versions/v3/verdict?environment=production',
    );
    expect(asked[0].headers.authorization).toBe('Bearer secret-token');
  });

  it('stops it when the version is refused, and names the gates', async () => {
    answers = [
      [
        200,
        verdict({
          verdict: 'refused',
          allowed: false,
          statement: 'v3 to production is refused: held by Fairness',
          blocking: [
            {
              gate: 'fairness',
              title: 'Fairness',
              verdict: 'failed',
              explanation: 'The gap is 0.2',
            },
          ],
        }),
      ],
    ];
    const { code, printed } = await run();
    expect(code).toBe(1);
    expect(printed).toContain('failed: Fairness. The gap is 0.2');
  });

  it('waits for people as long as it is told to, also over a restart of the portal', async () => {
    answers = [
      [200, WAITING],
      [503, {}],
      [200, verdict({})],
    ];
    expect((await run(['--wait', '1m'])).code).toBe(0);
    expect(asked).toHaveLength(3);

    answers = [[200, WAITING]];
    asked = [];
    expect((await run(['--wait', '20s'])).code).toBe(2);
    expect(asked).toHaveLength(5);
    expect((await run()).code).toBe(2);
  });

  it.each<[string, Answer, string]>([
    [
      'a wrong token',
      [401, { error: { message: 'Illegal token' } }],
      'answers 401: Illegal token',
    ],
    [
      'an unknown version',
      [404, { error: { message: 'No version v3' } }],
      'answers 404: No version v3',
    ],
    ['a login page', [200, '<html>'], 'is no verdict'],
    [
      'an answer that contradicts itself',
      [200, verdict({ allowed: false })],
      '',
    ],
  ])('is never a yes after %s', async (_, answer, message) => {
    answers = [answer];
    const { code, printed } = await run(['--wait', '1h']);
    expect(code).toBeGreaterThan(0);
    expect(asked).toHaveLength(1);
    expect(printed).toContain(message);
    expect(printed).not.toContain('secret-token');
  });

  it('is never a yes when nobody answers', async () => {
    const { code, printed } = await run(['--url', 'http://127.0.0.1:1']);
    expect(code).toBe(3);
    expect(printed).toContain('http://127.0.0.1:1 does not answer');
  });

  it.each([
    [['--wait', 'soon'], {}, "--wait 'soon' is not a time"],
    [['--enviroment', 'x'], {}, "Unknown option '--enviroment'"],
    [[], { SLIPWAY_TOKEN: '' }, 'SLIPWAY_TOKEN is not set'],
    [['--url', 'portal'], {}, 'The portal is not known'],
  ])('says what is wrong with %j', async (args, env, message) => {
    const { code, printed } = await run(args, {
      SLIPWAY_TOKEN: 'secret-token',
      ...env,
    });
    expect(code).toBe(3);
    expect(printed).toContain(message);
    expect(asked).toHaveLength(0);
  });
});
