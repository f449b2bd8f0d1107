import { KillableEngine } from './KillableEngine';

/** Replicas of the engine on one database, some of which may be down at any moment. */
export class Replicas {
  readonly #up = new Set<KillableEngine>();

  constructor(
    readonly all: KillableEngine[],
    private readonly random: () => number,
  ) {}

  /** How many answer. */
  get up(): number {
    return this.#up.size;
  }

  /** Whether it answers, as far as is known. */
  isUp(engine: KillableEngine): boolean {
    return this.#up.has(engine);
  }

  /** Starts it, again and again as whatever supervises it would: while the database is down it ends by itself. */
  async start(engine: KillableEngine, env?: Record<string, string>) {
    const deadline = Date.now() + 120_000;
    for (;;) {
      try {
        await engine.start(env);
        this.#up.add(engine);
        return;
      } catch (error) {
        if (Date.now() > deadline) {
          throw error;
        }
        await engine.kill();
      }
    }
  }

  async kill(engine: KillableEngine) {
    this.#up.delete(engine);
    await engine.kill();
  }

  /**
   * Calls one of those that are up, and another one as long as none answers, as a client does behind a load balancer.
   * @throws with the status of a refusal, or after two minutes without an answer
   */
  async call<T>(
    method: string,
    route: string,
    body?: object,
    user?: string,
  ): Promise<T> {
    const deadline = Date.now() + 120_000;
    for (;;) {
      const up = [...this.#up];
      const engine = up[Math.floor(this.random() * up.length)];
      try {
        if (engine) {
          return await engine.call<T>(method, route, body, user);
        }
      } catch (error) {
        // While its database is down a replica answers 5xx
        if (isRefusal(error) || Date.now() > deadline) {
          throw error;
        }
      }
      if (Date.now() > deadline) {
        throw new Error(`${method} ${route}: nobody answered for two minutes`);
      }
      await new Promise(resolve => setTimeout(resolve, 200));
    }
  }
}

/** Whether the engine refused what was asked, rather than not having been there. */
export function isRefusal(error: unknown): boolean {
  const { status } = error as { status?: number };
  return status !== undefined && status < 500;
}
