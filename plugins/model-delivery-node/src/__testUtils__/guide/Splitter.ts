import {
  callService,
  DeployableVersion,
  DeploymentTarget,
  TrafficShare,
} from '@slipway/backstage-plugin-model-delivery-node';

/** How long a call may take, in milliseconds. */
export const CALL_LIMIT_MS = 5_000;

/** What a splitter tells of a target. */
interface SplitterState {
  shares: TrafficShare[];
  servers: { version: string; ready: boolean }[];
}

/** The HTTP API of a load balancer that starts servers and divides traffic between them. */
export class Splitter {
  constructor(
    private readonly baseUrl: string,
    private readonly token: string,
  ) {}

  /** Asks for a server; one that is there already is left as it is. */
  start(target: DeploymentTarget, version: DeployableVersion) {
    const { artifactUri, artifactDigest } = version;
    return this.#call(
      target,
      'PUT',
      `servers/${encodeURIComponent(version.version)}`,
      {
        artifactUri,
        artifactDigest,
      },
    );
  }

  divide(target: DeploymentTarget, shares: TrafficShare[]) {
    return this.#call(target, 'PUT', 'traffic', { shares });
  }

  stop(target: DeploymentTarget, version: string) {
    return this.#call(
      target,
      'DELETE',
      `servers/${encodeURIComponent(version)}`,
    );
  }

  read(target: DeploymentTarget) {
    return this.#call(target, 'GET', 'state');
  }

  async #call(
    { model, environment }: DeploymentTarget,
    method: 'GET' | 'PUT' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<SplitterState> {
    const { status, json } = await callService({
      service: 'The splitter',
      url: `${this.baseUrl}/${[environment, model]
        .map(encodeURIComponent)
        .join('/')}/${path}`,
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      body: body && JSON.stringify(body),
      timeoutMs: CALL_LIMIT_MS,
    });
    if (status !== 200) {
      throw new Error(`The splitter answered with status ${status}`);
    }
    return json as SplitterState;
  }
}
