import {
  createRememberingDeployer,
  Deployer,
  DeployerOperations,
  OperationMemory,
  OperationStatus,
} from '@slipway/backstage-plugin-model-delivery-node';
import {
  Cluster,
  ClusterTroubleError,
  ObjectConflictError,
  ObjectRefusedError,
} from './Cluster';
import { findTarget, KubernetesConnection } from './config';
import { FillInError } from './fillIn';
import { Kind, Step, TargetObject, Wish, Write } from './Kind';
import { argoRollouts } from './kinds/argoRollouts';
import { flagger } from './kinds/flagger';
import { kserve } from './kinds/kserve';

const LONGEST_MESSAGE = 500;
/** Writes of one call. What takes more goes on when it is asked again. */
const MOST_WRITES = 4;

/** A deployer that moves traffic by the objects of KServe, Argo Rollouts and Flagger. */
export function createKubernetesDeployer(options: {
  connection: KubernetesConnection;
  cluster: Cluster;
  operations: DeployerOperations;
  now?: () => Date;
}): Deployer {
  const { connection, cluster, operations, now = () => new Date() } = options;
  const id = `kubernetes:${connection.id}`;
  return createRememberingDeployer({
    id,
    operations,
    operationLimitSeconds: connection.operationLimitMs / 1000,
    serves: target => findTarget(connection, target) !== undefined,
    async carryOut({ key, target, request, notes }, memory) {
      // What an overtaken operation still sends is refused: the object has another resourceVersion by then
      for (const earlier of await memory.overtaken()) {
        await memory.settle(earlier);
      }
      const object = findTarget(connection, target)!;
      try {
        const status = await withKind(object, kind =>
          work(kind, cluster, object, { key, target, request }),
        );
        if (status.state === 'pending') {
          await endTrouble(memory, notes);
        }
        return inTime(connection, status);
      } catch (error) {
        if (
          error instanceof FillInError ||
          error instanceof ObjectRefusedError
        ) {
          return { state: 'failed', message: shorten(error.message) };
        }
        if (!(error instanceof ClusterTroubleError)) {
          throw error;
        }
        return endure(connection, memory, notes, error, now());
      }
    },
    async observe(target) {
      const object = findTarget(connection, target)!;
      return withKind(object, async kind =>
        kind.look(await kind.read(cluster, object), object),
      );
    },
  });
}

/** Chooses how to work with an object. */
function withKind<T>(
  { kind }: TargetObject,
  use: <Objects>(kind: Kind<Objects>) => Promise<T>,
): Promise<T> {
  if (kind === 'InferenceService') {
    return use(kserve);
  }
  return kind === 'Rollout' ? use(argoRollouts) : use(flagger);
}

/** Goes step by step until there is something to wait for, or it is over. */
async function work<Objects>(
  kind: Kind<Objects>,
  cluster: Cluster,
  object: TargetObject,
  wish: Wish,
): Promise<OperationStatus> {
  for (let written = 0; ; written++) {
    const step: Step = kind.plan(
      await kind.read(cluster, object),
      object,
      wish,
    );
    if (!('write' in step)) {
      return step;
    }
    if (written === MOST_WRITES) {
      return { state: 'pending', message: 'The object is being changed' };
    }
    try {
      await put(cluster, step.write);
    } catch (error) {
      if (!(error instanceof ObjectConflictError)) {
        throw error;
      }
      // Read again: it may be that nothing is left to do, or that it must not be done any more
    }
  }
}

function put(cluster: Cluster, write: Write): Promise<void> {
  return 'create' in write
    ? cluster.create(write.at, write.create)
    : cluster.change({ ...write, ...write.at });
}

/** Waits while the cluster is out of reach; a person has to look when it stays so. */
async function endure(
  connection: KubernetesConnection,
  memory: OperationMemory,
  notes: Record<string, unknown>,
  trouble: ClusterTroubleError,
  now: Date,
): Promise<OperationStatus> {
  const since = Number(notes.troubleSince ?? now.getTime());
  if (now.getTime() - since >= connection.outageLimitMs) {
    // Whoever tries again afterwards waits as long again
    await memory.note({});
    throw trouble;
  }
  await memory.note({ troubleSince: since });
  return inTime(connection, { state: 'pending', message: trouble.message });
}

async function endTrouble(
  memory: OperationMemory,
  notes: Record<string, unknown>,
) {
  if (notes.troubleSince !== undefined) {
    await memory.note({});
  }
}

function inTime(
  { pollIntervalMs }: KubernetesConnection,
  status: OperationStatus,
): OperationStatus {
  if (status.state === 'pending') {
    return {
      ...status,
      message: shorten(status.message ?? ''),
      askAgainAfterSeconds: pollIntervalMs / 1000,
    };
  }
  return status.state === 'failed'
    ? { ...status, message: shorten(status.message) }
    : status;
}

function shorten(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, LONGEST_MESSAGE);
}
