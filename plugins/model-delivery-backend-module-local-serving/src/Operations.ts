import { LoggerService } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import { OperationStatus } from '@slipway/backstage-plugin-model-delivery-node';
import { OperationRecord, ServingState, targetKey } from './state/ServingState';
import { StateStore } from './state/StateStore';

/** The deployer's memory of its operations, by which each is done once. */
export class Operations {
  constructor(
    private readonly state: StateStore,
    private readonly logger: LoggerService,
  ) {}

  /**
   * Writes an operation down before anything is done about it, or finds it again.
   * @throws ConflictError when the key belongs to another operation.
   */
  async remember(
    operation: Omit<OperationRecord, 'state' | 'startedAt' | 'message'>,
    begin: (draft: ServingState) => Pick<OperationRecord, 'state' | 'message'>,
  ): Promise<OperationRecord> {
    return this.state.update(draft => {
      const known = draft.operations.find(({ key }) => key === operation.key);
      if (known) {
        if (
          known.kind !== operation.kind ||
          targetKey(known) !== targetKey(operation) ||
          known.request !== operation.request
        ) {
          throw new ConflictError(
            `The operation key ${operation.key} was already used for another ${known.kind} of ${known.model} in ${known.environment}; use a new key for each operation`,
          );
        }
        return known;
      }
      const record: OperationRecord = {
        ...operation,
        ...begin(draft),
        startedAt: Date.now(),
      };
      draft.operations.push(record);
      return record;
    });
  }

  /** Writes down how an operation ended, unless that is decided already, together with what follows from it. */
  async finish(
    operation: OperationRecord,
    result: { state: 'done' } | { state: 'failed'; message: string },
    change: (draft: ServingState) => void = () => {},
  ): Promise<OperationStatus> {
    const settled = await this.state.update(draft => {
      const record = draft.operations.find(({ key }) => key === operation.key);
      if (record?.state === 'pending') {
        Object.assign(record, result);
        change(draft);
      }
      return record ?? { ...operation, ...result };
    });
    if (result.state === 'failed') {
      this.logger.warn(
        `${operation.kind} for ${operation.model} in ${operation.environment} failed: ${result.message}`,
      );
    }
    return statusOf(settled);
  }
}

/** What the engine is told of an operation. */
export function statusOf({ state, message }: OperationRecord): OperationStatus {
  return state === 'failed'
    ? { state, message: message ?? 'It failed' }
    : { state };
}
