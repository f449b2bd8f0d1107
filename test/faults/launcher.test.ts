import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
/**
 * A second start is promised within 30 s on a machine that has nothing else to do. Its processors' time is what tests that run
 * beside it do not make longer.
 */
const SECOND_START_SECONDS = 30;
const TICKS_PER_SECOND = Number(
  execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }),
);

/** `npm start` on state of its own, without the sample portfolio. */
class Launcher {
  output = '';
  readonly process: ChildProcess;
  readonly ended: Promise<number | NodeJS.Signals | null>;

  constructor(stateFolder: string, ...options: string[]) {
    this.process = spawn(
      process.execPath,
      ['scripts/start.mjs', '--no-sample', ...options],
      { cwd: ROOT, env: { ...process.env, SLIPWAY_STATE_DIR: stateFolder } },
    );
    const collect = (chunk: Buffer) => {
      this.output += chunk;
    };
    this.process.stdout!.on('data', collect);
    this.process.stderr!.on('data', collect);
    this.ended = new Promise(done =>
      this.process.once('exit', (code, signal) => done(code ?? signal)),
    );
  }

  /** Waits for the address that the last lines name. */
  async url(): Promise<string> {
    for (;;) {
      const found = this.output.match(/Slipway is up after .*: (http\S+)/);
      if (found) {
        return found[1];
      }
      if (this.process.exitCode !== null) {
        throw new Error(this.output);
      }
      await new Promise(done => setTimeout(done, 100));
    }
  }
}

/** Ids of the processes that were started on the state folder. */
function processesOf(stateFolder: string): string[] {
  return readdirSync('/proc').filter(pid => {
    try {
      return (
        /^\d+$/.test(pid) &&
        readFileSync(`/proc/${pid}/environ`, 'utf8')
          .split('\0')
          .includes(`SLIPWAY_ORG_FILE=${ROOT}/examples/org.yaml`) &&
        readFileSync(`/proc/${pid}/environ`, 'utf8').includes(stateFolder)
      );
    } catch {
      return false;
    }
  });
}

/** Seconds of processors that the processes have taken, with those of their children that ended. */
function processorSeconds(pids: (string | number)[]): number {
  const ticks = pids.flatMap(pid =>
    readFileSync(`/proc/${pid}/stat`, 'utf8')
      // Its name, in parentheses, may hold anything
      .replace(/^.*\) /s, '')
      .split(' ')
      .slice(11, 15)
      .map(Number),
  );
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}

(process.platform === 'linux' ? describe : describe.skip)('npm start', () => {
  let stateFolder: string;

  beforeAll(() => {
    stateFolder = mkdtempSync(join(tmpdir(), 'slipway-launcher-'));
  });

  afterAll(() => rmSync(stateFolder, { recursive: true, force: true }));

  it('survives a kill -9, starts again in time, and ends every process that it started', async () => {
    const first = new Launcher(stateFolder);
    const url = await first.url();
    expect((await fetch(url)).status).toBe(200);
    expect(processesOf(stateFolder).length).toBeGreaterThanOrEqual(2);
    for (const secret of ['secrets.json', 'pipeline-token']) {
      expect(statSync(join(stateFolder, secret)).mode & 0o777).toBe(0o600);
    }

    const same = new Launcher(stateFolder);
    expect(await same.ended).toBe(1);
    expect(same.output).toContain(`Slipway already runs at ${url}`);

    first.process.kill('SIGKILL');
    await first.ended;
    const orphans = processesOf(stateFolder);
    expect(orphans.length).toBeGreaterThanOrEqual(2);

    const second = new Launcher(stateFolder);
    await second.url();
    const now = processesOf(stateFolder);
    expect(processorSeconds([second.process.pid!, ...now])).toBeLessThan(
      SECOND_START_SECONDS,
    );
    expect(second.output).toContain('that an earlier start left behind');
    expect(second.output).toContain('as the lock file has them');
    expect(second.output).toContain('sources unchanged');
    orphans.forEach(pid => expect(now).not.toContain(pid));

    second.process.kill('SIGINT');
    expect(await second.ended).toBe(0);
    expect(processesOf(stateFolder)).toEqual([]);
  });

  it('says who has the port that was asked for', async () => {
    const server = createServer();
    const port = await new Promise<number>(done =>
      server.listen(0, '127.0.0.1', () =>
        done((server.address() as { port: number }).port),
      ),
    );

    const launcher = new Launcher(stateFolder, '--port', String(port));

    expect(await launcher.ended).toBe(1);
    expect(launcher.output).toContain(
      `Port ${port} is taken by process ${process.pid}`,
    );
    server.close();
  });

  it.each([
    [
      ['--port', 'http'],
      'The port must be a number from 1 to 65535, not "http"',
    ],
    [['--prot', '8080'], 'There is no option --prot'],
    [['--config', 'missing.yaml'], 'There is no configuration file'],
  ])('refuses %j', async (options, why) => {
    const launcher = new Launcher(stateFolder, ...options);
    expect(await launcher.ended).toBe(1);
    expect(launcher.output).toContain(`Why: ${why}`);
    expect(launcher.output).toContain('What to do: ');
  });

  it('forgets its state when it is told to', () => {
    execFileSync(process.execPath, ['scripts/reset.mjs'], {
      cwd: ROOT,
      env: { ...process.env, SLIPWAY_STATE_DIR: stateFolder },
    });
    expect(() => statSync(stateFolder)).toThrow('ENOENT');
  });
});
