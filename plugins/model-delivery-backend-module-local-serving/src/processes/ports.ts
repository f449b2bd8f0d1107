import { createServer } from 'node:net';

/** Whether nothing listens on a port. */
function isFree(host: string, port: number): Promise<number | undefined> {
  return new Promise(resolve => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen({ host, port, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() =>
        resolve(
          address !== null && typeof address === 'object'
            ? address.port
            : undefined,
        ),
      );
    });
  });
}

/**
 * Hands out free ports, none twice while it is in use. A program may still snatch one before the server takes it; the
 * server then exits and is started again on another.
 */
export class Ports {
  #taken = new Set<number>();

  constructor(
    private readonly options: {
      host: string;
      range?: { from: number; to: number };
    },
  ) {}

  /** @throws when no port of the range is free. */
  async take(): Promise<number> {
    const { host, range } = this.options;
    if (!range) {
      for (;;) {
        const port = await isFree(host, 0);
        if (port !== undefined && !this.#taken.has(port)) {
          this.#taken.add(port);
          return port;
        }
      }
    }
    for (let port = range.from; port <= range.to; port++) {
      if (!this.#taken.has(port)) {
        this.#taken.add(port);
        if (await isFree(host, port)) {
          return port;
        }
        this.#taken.delete(port);
      }
    }
    throw new Error(
      `No port from ${range.from} to ${range.to} is free for a model server; widen modelDelivery.localServing.portRange`,
    );
  }

  /** Notes a port that a server found again already has. */
  note(port: number): void {
    this.#taken.add(port);
  }

  giveBack(port: number): void {
    this.#taken.delete(port);
  }
}
