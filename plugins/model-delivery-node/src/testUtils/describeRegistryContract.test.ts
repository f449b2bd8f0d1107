import { AuthenticationError, InputError } from '@backstage/errors';
import {
  ModelRegistry,
  RegistryChanges,
  RegistryDelivery,
  RegistryVersion,
} from '../modelRegistry';
import { sampleMetricPoints } from '../sampleMetricPoints';
import { describeRegistryContract } from './describeRegistryContract';
import { REGISTRY_CHECKS } from './registryChecks';
import { RegistryContractHarness } from './registryHarness';

/** Ways to break the contract, as registries do it in life. */
type Fault =
  | 'forgets an alias that moved away'
  | 'begins anew at each reading'
  | 'gives everything in one page'
  | 'loses a page after an interruption'
  | 'tells its password'
  | 'reads everything to find a change'
  | 'finds nothing when it is down'
  | 'takes nonsense for nothing'
  | 'goes on when it is told to stop'
  | 'believes old deliveries'
  | 'believes forged deliveries'
  | 'reads all versions of a model'
  | 'takes a page for everything'
  | 'takes a change for everything'
  | 'cuts histories off'
  | 'mixes histories up'
  | 'says which way is better what it did not measure';

const PAGE = 10;
const PASSWORD = 'secret';

/** A registry's server, as one list of changes. */
class MemoryServer {
  readonly changes: RegistryVersion[] = [];
  /** What the training of versions logged. */
  readonly histories = new Map<string, { metric: string; values: number[] }>();
  trouble?: 'down' | 'nonsense';
  requests = 0;

  list(): RegistryVersion[] {
    this.requests += 1;
    if (this.trouble) {
      throw new Error(`The registry 'memory' is in trouble: ${this.trouble}`);
    }
    return this.changes;
  }

  add(model: string, tags: Record<string, string>): string {
    const version = String(this.of(model).length + 1);
    this.changes.push({
      model,
      version,
      uri: `memory:${model}/${version}`,
      aliases: [],
      tags,
      parameters: {},
      metrics: {},
      datasets: [],
      createdAt: new Date(),
      updatedAt: new Date(),
    });
    return version;
  }

  remove(model: string, version: string) {
    const kept = this.changes.filter(
      each => each.model !== model || each.version !== version,
    );
    this.changes.splice(0, Infinity, ...kept);
  }

  of(model: string): RegistryVersion[] {
    const last = new Map(
      this.changes
        .filter(each => each.model === model)
        .map(each => [each.version, each]),
    );
    return [...last.values()];
  }

  moveAlias(model: string, alias: string, version: string) {
    for (const each of this.of(model)) {
      const aliases = each.version === version ? [alias] : [];
      if (aliases.length !== each.aliases.length) {
        this.changes.push({ ...each, aliases });
      }
    }
  }
}

class MemoryRegistry implements ModelRegistry {
  readonly id = 'memory';
  readonly type = 'memory';
  readonly url = 'http://memory.example.com';

  constructor(
    private readonly server: MemoryServer,
    private readonly fault?: Fault,
  ) {}

  async *readChanges(options: {
    cursor?: string;
    signal?: AbortSignal;
  }): AsyncIterable<RegistryChanges> {
    const { fault, server } = this;
    const begin = fault === 'begins anew at each reading' ? 0 : options.cursor;
    let from = Number(begin ?? 0);
    let end: number;
    const page = fault === 'gives everything in one page' ? 1e6 : PAGE;
    do {
      if (fault !== 'goes on when it is told to stop') {
        options.signal?.throwIfAborted();
      }
      const all = this.#list();
      end = all.length;
      if (fault === 'reads everything to find a change') {
        all.forEach(() => server.list());
      }
      const to = Math.min(from + page, all.length);
      const skipped =
        fault === 'loses a page after an interruption' ? to + 1 : to;
      yield {
        versions: all
          .slice(from, to)
          .filter(
            each =>
              fault !== 'forgets an alias that moved away' ||
              each.aliases.length > 0 ||
              all.filter(other => other.version === each.version).length < 2,
          )
          .map(each => ({
            ...each,
            evaluations: [
              {
                onTrainingData: false,
                measuredAt: each.createdAt,
                metrics: { auc: 0.9 },
                higherIsBetter: {
                  [fault === 'says which way is better what it did not measure'
                    ? 'f1'
                    : 'auc']: true,
                },
              },
            ],
          })),
        cursor: String(skipped),
        ...(this.#isComplete(options.cursor, to >= end) && { complete: true }),
      };
      from = to;
    } while (from < end);
  }

  #isComplete(cursor: string | undefined, isLast: boolean): boolean {
    switch (this.fault) {
      case 'takes a page for everything':
        return cursor === undefined;
      case 'takes a change for everything':
        return isLast;
      default:
        return isLast && cursor === undefined;
    }
  }

  async readMetricHistory(options: {
    version: string;
    metrics: string[];
    maxPoints: number;
  }) {
    const logged = this.server.histories.get(options.version);
    const histories = options.metrics.map(metric => {
      const points =
        metric === logged?.metric
          ? logged.values.map((value, step) => ({
              step,
              at: new Date(1_000 * step),
              value,
            }))
          : [];
      const some =
        this.fault === 'cuts histories off'
          ? points.slice(0, options.maxPoints)
          : sampleMetricPoints(points, options.maxPoints);
      return { metric, points: some, sampled: some.length < points.length };
    });
    return this.fault === 'mixes histories up'
      ? histories.reverse()
      : histories;
  }

  #list(): RegistryVersion[] {
    const { fault, server } = this;
    try {
      return server.list();
    } catch (error) {
      if (
        (fault === 'finds nothing when it is down' &&
          server.trouble === 'down') ||
        (fault === 'takes nonsense for nothing' &&
          server.trouble === 'nonsense')
      ) {
        return [];
      }
      throw fault === 'tells its password'
        ? new Error(`${(error as Error).message}, with ${PASSWORD}`)
        : error;
    }
  }

  async readModel(options: { model: string; versions: string[] }) {
    return this.server
      .of(options.model)
      .filter(
        each =>
          this.fault === 'reads all versions of a model' ||
          options.versions.includes(each.version) ||
          each.aliases.length > 0,
      );
  }

  async setAlias(options: { model: string; alias: string; version: string }) {
    const { model, alias, version } = options;
    if (!this.server.of(model).some(each => each.version === version)) {
      throw new Error('There is no such version');
    }
    this.server.moveAlias(model, alias, version);
  }

  readDelivery = (delivery: RegistryDelivery) => {
    const [text, time] = delivery.body.toString().split('@');
    if (
      this.fault !== 'believes forged deliveries' &&
      delivery.header('signature') !== delivery.body.toString()
    ) {
      throw new AuthenticationError('forged');
    }
    if (
      this.fault !== 'believes old deliveries' &&
      Number(time) !== delivery.receivedAt.getTime()
    ) {
      throw new InputError('stale');
    }
    const [id, model, version] = text.split('/');
    return { id, event: 'new', changed: { model, versions: [version] } };
  };
}

async function start(fault?: Fault): Promise<RegistryContractHarness> {
  const server = new MemoryServer();
  const trouble = (what: 'down' | 'nonsense') => async () => {
    server.trouble = what;
    return async () => {
      server.trouble = undefined;
    };
  };
  return {
    registry: new MemoryRegistry(server, fault),
    addVersions: async (model, count, { tags = {} } = {}) =>
      Array.from({ length: count }, () => server.add(model, tags)),
    moveAlias: async (model, alias, version) =>
      server.moveAlias(model, alias, version),
    addTrained: async (model, metric, values) => {
      const version = server.add(model, {});
      server.histories.set(version, { metric, values });
      return version;
    },
    removeVersion: async (model, version) => server.remove(model, version),
    beDown: trouble('down'),
    answerNonsense: trouble('nonsense'),
    countRequests: async () => server.requests,
    restart: async () => new MemoryRegistry(server, fault),
    sign: ({ id, model, version, signedAt, receivedAt, forged }) => {
      const body = `${id}/${model}/${version}@${signedAt.getTime()}`;
      return {
        body: Buffer.from(body),
        header: () => (forged ? `${body}!` : body),
        receivedAt,
      };
    },
    end: async () => {},
  };
}

const options = { manyVersions: 25, secrets: [PASSWORD] };

describeRegistryContract('A registry in memory', { start, ...options });

/** The promises that a registry with a fault breaks. */
async function brokenBy(fault: Fault): Promise<string[]> {
  const broken: string[] = [];
  for (const { title, check } of REGISTRY_CHECKS) {
    const harness = await start(fault);
    try {
      await check(harness, { start, ...options });
    } catch {
      broken.push(title);
    }
  }
  return broken;
}

const faults: [Fault, string][] = [
  [
    'forgets an alias that moved away',
    'tells of a moved alias, also the version that lost it',
  ],
  [
    'begins anew at each reading',
    'gives afterwards what is new, and nothing when nothing is',
  ],
  [
    'gives everything in one page',
    'goes on after any page, in another replica, with nothing lost',
  ],
  [
    'loses a page after an interruption',
    'goes on after any page, in another replica, with nothing lost',
  ],
  [
    'tells its password',
    'says what is wrong while the server is down, and goes on after',
  ],
  ['reads everything to find a change', 'reads as much as there is change'],
  [
    'finds nothing when it is down',
    'says what is wrong while the server is down, and goes on after',
  ],
  ['takes nonsense for nothing', 'refuses an answer that makes no sense'],
  ['goes on when it is told to stop', 'stops when it is told to'],
  [
    'believes old deliveries',
    'believes a delivery that is signed now, and no other',
  ],
  [
    'believes forged deliveries',
    'believes a delivery that is signed now, and no other',
  ],
  [
    'reads all versions of a model',
    'reads one model alone: what is asked for, and what aliases name',
  ],
  [
    'takes a page for everything',
    'says when everything was read, and only then',
  ],
  [
    'takes a change for everything',
    'says when everything was read, and only then',
  ],
  [
    'cuts histories off',
    'tells how metrics went, in as many points as are asked for',
  ],
  [
    'mixes histories up',
    'tells how metrics went, in as many points as are asked for',
  ],
  [
    'says which way is better what it did not measure',
    'reads every version of every model, whatever it is called',
  ],
];

it.each(faults)('finds a registry that %s', async (fault, promise) => {
  expect(await brokenBy(fault)).toContain(promise);
});
