import { readFileSync } from 'node:fs';
import {
  createConfiguration,
  CustomObjectsApi,
  KubeConfig,
  RequestContext,
  ServerConfiguration,
} from '@kubernetes/client-node';
import { InputError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { z } from 'zod';
import {
  Cluster,
  ClusterObject,
  ClusterTroubleError,
  ObjectAddress,
  ObjectChange,
  ObjectConflictError,
  ObjectRefusedError,
} from './Cluster';
import { KubernetesConnection } from './config';

/** How an unknown field is taken, and by whom a field was set as `metadata.managedFields` shows it. */
const HOW = { fieldManager: 'slipway', fieldValidation: 'Strict' };
const LONGEST_QUOTE = 300;

const objectSchema = z.object({
  metadata: z.looseObject({
    name: z.string(),
    resourceVersion: z.string(),
    generation: z.number().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.record(z.string(), z.unknown()).default({}),
  status: z.record(z.string(), z.unknown()).optional(),
});

/** @returns the address of the API server. */
function load(
  kubeConfig: KubeConfig,
  { id, access }: KubernetesConnection,
): string {
  try {
    if (access.kind === 'inCluster') {
      kubeConfig.loadFromCluster();
    } else if (access.kind === 'kubeconfig') {
      kubeConfig.loadFromFile(access.file);
      if (access.context) {
        kubeConfig.setCurrentContext(access.context);
      }
    } else {
      kubeConfig.loadFromClusterAndUser(
        {
          name: id,
          server: access.url,
          // Only a proxy on this machine may be asked without TLS, and the client asks for this word then
          skipTLSVerify: access.url.startsWith('http:'),
          ...(access.caFile && {
            caData: readFileSync(access.caFile).toString('base64'),
          }),
        },
        { name: id, token: access.token },
      );
    }
  } catch {
    throw new InputError(
      `modelDelivery.kubernetes.${id}.access cannot be used; check its files and their permissions`,
    );
  }
  const server = kubeConfig.getCurrentCluster()?.server;
  if (!server) {
    throw new InputError(
      `modelDelivery.kubernetes.${id}.access leads to no cluster; check the context`,
    );
  }
  return server;
}

function pathOf({ kind, namespace, name }: ObjectAddress) {
  const { group, version, plural } = kind;
  return { group, version, plural, namespace, name };
}

function toObject(answer: unknown): ClusterObject {
  return objectSchema.parse(answer) as ClusterObject;
}

/** The status of an answer, undefined when there was none. */
function codeOf(error: unknown): number | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  // A DOMException, as of a timeout, has a small number here
  return typeof code === 'number' && code >= 100 ? code : undefined;
}

/** What the API server says about it, shortened. */
function messageOf(error: unknown): string {
  const { body } = (error ?? {}) as { body?: unknown };
  try {
    const { message } = JSON.parse(String(body)) as { message?: unknown };
    return typeof message === 'string' && message !== ''
      ? `: ${message.replace(/\s+/g, ' ').slice(0, LONGEST_QUOTE)}`
      : '';
  } catch {
    return '';
  }
}

class ApiServer implements Cluster {
  constructor(
    private readonly connection: KubernetesConnection,
    private readonly api: CustomObjectsApi,
  ) {}

  async read(address: ObjectAddress): Promise<ClusterObject | undefined> {
    try {
      return toObject(
        await this.api.getNamespacedCustomObject(pathOf(address)),
      );
    } catch (error) {
      if (codeOf(error) === 404) {
        return undefined;
      }
      throw this.#toError(error, address);
    }
  }

  async create(address: ObjectAddress, body: JsonObject): Promise<void> {
    try {
      await this.api.createNamespacedCustomObject({
        ...pathOf(address),
        body,
        ...HOW,
      });
    } catch (error) {
      throw this.#toError(error, address);
    }
  }

  async change(change: ObjectChange): Promise<void> {
    const { patch, resourceVersion, isStatus } = change;
    const metadata = patch.metadata as JsonObject | undefined;
    const request = {
      ...pathOf(change),
      body: { ...patch, metadata: { ...metadata, resourceVersion } },
      ...HOW,
    };
    try {
      await (isStatus
        ? this.api.patchNamespacedCustomObjectStatus(request)
        : this.api.patchNamespacedCustomObject(request));
    } catch (error) {
      throw this.#toError(error, change);
    }
  }

  /** What an error of the client means. Its own message quotes headers, so it goes no further. */
  #toError(error: unknown, { kind, namespace, name }: ObjectAddress): Error {
    const { id, timeoutMs } = this.connection;
    const what = `${kind.kind} ${namespace}/${name}`;
    const code = codeOf(error);
    const said = messageOf(error);
    if (code === 409) {
      return new ObjectConflictError(`Somebody else changed the ${what}`);
    }
    if (code === 401 || code === 403) {
      return new Error(
        `The cluster ${id} does not let Slipway at the ${what}${said}; see the permissions in the module's README`,
      );
    }
    if (code === 404) {
      return new Error(
        `The cluster ${id} does not know the ${what}; is ${kind.group} installed, and the namespace there?`,
      );
    }
    if (code === 400 || code === 422) {
      return new ObjectRefusedError(
        `The cluster ${id} refused the ${what}${said}`,
      );
    }
    if (code !== undefined) {
      return new ClusterTroubleError(
        `The cluster ${id} answered with status ${code}`,
      );
    }
    const { name: errorName } = (error ?? {}) as { name?: unknown };
    const isLate = errorName === 'TimeoutError' || errorName === 'AbortError';
    return new ClusterTroubleError(
      isLate
        ? `The cluster ${id} did not answer within ${timeoutMs / 1000} s`
        : `The cluster ${id} cannot be reached, or broke off its answer`,
    );
  }
}

/**
 * Prepares to talk to the API server of a connection; nothing is asked yet.
 * @throws InputError, without a word of what the files say, when the access that is configured is no use.
 */
export function connect(connection: KubernetesConnection): Cluster {
  const kubeConfig = new KubeConfig();
  const server = load(kubeConfig, connection);
  const api = new CustomObjectsApi(
    createConfiguration({
      baseServer: new ServerConfiguration(server, {}),
      authMethods: { default: kubeConfig },
      promiseMiddleware: [
        {
          async pre(context: RequestContext) {
            context.setSignal(AbortSignal.timeout(connection.timeoutMs));
            if (context.getHttpMethod() === 'PATCH') {
              context.setHeaderParam(
                'Content-Type',
                'application/merge-patch+json',
              );
            }
            return context;
          },
          post: async context => context,
        },
      ],
    }),
  );
  return new ApiServer(connection, api);
}
