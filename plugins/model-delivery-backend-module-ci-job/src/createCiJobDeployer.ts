import { createHash } from 'node:crypto';
import {
  createRememberingDeployer,
  Deployer,
  DeployerOperation,
  DeployerOperations,
  OperationMemory,
  OperationStatus,
} from '@slipway/backstage-plugin-model-delivery-node';
import { z } from 'zod';
import { CiJobConnection } from './config';
import {
  CiAnswerError,
  CiInputs,
  CiRun,
  mayPass,
} from './platforms/CiPlatform';

/** What is written down of a job while it is not over. */
const notesSchema = z.object({
  /** When it was last about to be triggered, in milliseconds since the epoch. */
  triggeredAt: z.number().optional(),
  /** Whether the platform confirmed that. */
  confirmed: z.boolean().default(false),
  /** Its number, once it was found. */
  runId: z.string().optional(),
  /** Since when the platform has been out of reach, in milliseconds since the epoch. */
  troubleSince: z.number().optional(),
});

/** An operation with its notes, as they are now. */
interface Work {
  operation: DeployerOperation;
  memory: OperationMemory;
  notes: z.infer<typeof notesSchema>;
  now: Date;
}

/** Writes down what changed, before anything else happens. */
async function note(work: Work, changed: Partial<Work['notes']>) {
  work.notes = { ...work.notes, ...changed };
  // What is undefined is not written
  await work.memory.note(JSON.parse(JSON.stringify(work.notes)));
}

/** A deployer that runs one job of a CI platform for each operation, and waits for its end. */
export function createCiJobDeployer(options: {
  connection: CiJobConnection;
  operations: DeployerOperations;
  now?: () => Date;
}): Deployer {
  const { connection, operations, now = () => new Date() } = options;
  const { environments, models } = connection;
  return createRememberingDeployer({
    id: `ci-job:${connection.id}`,
    operations,
    operationLimitSeconds: connection.operationLimitMs / 1000,
    serves: ({ model, environment }) =>
      (!environments || environments.includes(environment)) &&
      (!models || models.includes(model.toLocaleLowerCase('en-US'))),
    carryOut: (operation, memory) =>
      carryOut(connection, operation, memory, now),
  });
}

async function carryOut(
  connection: CiJobConnection,
  operation: DeployerOperation,
  memory: OperationMemory,
  now: () => Date,
): Promise<OperationStatus> {
  const { request } = operation;
  if (
    request.kind === 'setTraffic' &&
    !connection.dividesTraffic &&
    request.shares.some(({ share }) => share > 0 && share < 100)
  ) {
    return {
      state: 'failed',
      message: `The job ${connection.id} cannot divide traffic; use a policy whose rollout is direct`,
    };
  }
  if (!connection.operations.includes(request.kind)) {
    return { state: 'done' };
  }
  const work: Work = {
    operation,
    memory,
    notes: notesSchema.parse(operation.notes),
    now: now(),
  };
  try {
    const status = await goOn(connection, work);
    if (status.state === 'pending' && work.notes.troubleSince !== undefined) {
      await note(work, { troubleSince: undefined });
    }
    return status;
  } catch (error) {
    if (!mayPass(error)) {
      throw error;
    }
    return endure(connection, work, error);
  }
}

async function goOn(
  connection: CiJobConnection,
  work: Work,
): Promise<OperationStatus> {
  const inTheWay = await endOvertaken(connection, work);
  if (inTheWay) {
    return pending(connection, inTheWay);
  }
  const run = await findOrTrigger(connection, work);
  return run
    ? toStatus(connection, run)
    : pending(connection, 'The job was triggered');
}

/** A job of hours outlives a platform that is out of reach for a while; a person has to look when it stays so. */
async function endure(
  connection: CiJobConnection,
  work: Work,
  trouble: Error,
): Promise<OperationStatus> {
  const now = work.now.getTime();
  const since = work.notes.troubleSince ?? now;
  const isOver = now - since >= connection.outageLimitMs;
  // Whoever tries again afterwards waits as long again
  await note(work, { troubleSince: isOver ? undefined : since });
  if (isOver) {
    throw trouble;
  }
  return pending(connection, trouble.message);
}

/**
 * Ends the jobs of operations that a later one overtook, so that two never move the same traffic.
 * @returns what is still at work.
 */
async function endOvertaken(
  { platform, appearWithinMs }: CiJobConnection,
  { memory, now }: Work,
): Promise<string | undefined> {
  for (const earlier of await memory.overtaken()) {
    const { triggeredAt, runId } = notesSchema.parse(earlier.notes);
    if (triggeredAt !== undefined) {
      const run =
        (runId && (await platform.look(runId))) ||
        (await platform.find(markOf(earlier), earlier.startedAt));
      const mayAppear =
        !run && !runId && now.getTime() - triggeredAt < appearWithinMs;
      if (mayAppear) {
        return 'An earlier job has yet to appear, to be cancelled';
      }
      if (run && ['waiting', 'running'].includes(run.state)) {
        await platform.cancel(run.id);
        return `An earlier job is being cancelled: ${run.url ?? run.id}`;
      }
    }
    await memory.settle(earlier);
  }
  return undefined;
}

/** The run of an operation. It is triggered only if no earlier attempt could have done so. */
async function findOrTrigger(
  { platform, appearWithinMs }: CiJobConnection,
  work: Work,
): Promise<CiRun | undefined> {
  const { operation, notes, now } = work;
  const { runId, triggeredAt } = notes;
  const find = () => platform.find(markOf(operation), operation.startedAt);
  if (runId) {
    const run = (await platform.look(runId)) ?? (await find());
    if (run && run.id !== runId) {
      await note(work, { runId: run.id });
    }
    return run ?? { id: runId, state: 'failed', word: `${runId} was deleted` };
  }
  if (triggeredAt !== undefined) {
    const run = await find();
    if (run) {
      await note(work, { runId: run.id });
      return run;
    }
    if (now.getTime() - triggeredAt < appearWithinMs) {
      return undefined;
    }
    if (notes.confirmed) {
      return {
        id: '',
        state: 'failed',
        word: `${platform.name} started it, but no run is marked with ${markOf(
          operation,
        )}; the job has to carry SLIPWAY_OPERATION where the README says`,
      };
    }
  }
  // Before it happens: after a crash the run is looked for, not started again
  await note(work, { triggeredAt: now.getTime() });
  try {
    await platform.trigger(inputsOf(operation));
  } catch (error) {
    if (error instanceof CiAnswerError && error.didNothing) {
      await note(work, { triggeredAt: undefined });
    }
    throw error;
  }
  await note(work, { confirmed: true });
  return undefined;
}

function toStatus(connection: CiJobConnection, run: CiRun): OperationStatus {
  const where = run.url ? ` (${run.url})` : '';
  if (run.state === 'succeeded') {
    return { state: 'done' };
  }
  return run.state === 'failed'
    ? { state: 'failed', message: `The job ended: ${run.word}${where}` }
    : pending(connection, `The job is ${run.word.replace(/_/g, ' ')}${where}`);
}

function pending(
  { pollIntervalMs }: CiJobConnection,
  message: string,
): OperationStatus {
  return {
    state: 'pending',
    message,
    askAgainAfterSeconds: pollIntervalMs / 1000,
  };
}

/** What marks the run of an operation, the same for ever. */
function markOf({ key, target }: DeployerOperation): string {
  const hash = createHash('sha256')
    .update([key, target.model, target.environment].join('\n'))
    .digest('hex');
  return `slipway-${hash.slice(0, 24)}`;
}

function inputsOf(operation: DeployerOperation): CiInputs {
  const { key, target, request } = operation;
  return {
    SLIPWAY_OPERATION: markOf(operation),
    SLIPWAY_REQUEST: JSON.stringify({
      operationKey: key,
      model: target.model,
      environment: target.environment,
      operation: request.kind,
      ...(request.kind === 'setTraffic'
        ? { shares: request.shares }
        : { version: request.version }),
    }),
  };
}
