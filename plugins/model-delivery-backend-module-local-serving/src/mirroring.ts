import { InputError } from '@backstage/errors';
import { DeploymentTarget } from '@slipway/backstage-plugin-model-delivery-node';
import {
  findTarget,
  MirrorRecord,
  OperationRecord,
  ServingState,
} from './state/ServingState';

/** @throws InputError for a share that is no percentage, or a tolerance below zero. */
export function assertMirror({ share, tolerance }: MirrorRecord): void {
  if (!(share >= 0 && share <= 100)) {
    throw new InputError(
      `The share of copied requests is ${share}; a percentage is expected`,
    );
  }
  if (!(tolerance >= 0)) {
    throw new InputError(
      `The tolerance is ${tolerance}; it must not be below 0`,
    );
  }
}

/** Begins to send copies of a target's requests to a version, or ends it with a share of 0. */
export function changeMirror(
  draft: ServingState,
  target: DeploymentTarget,
  mirror: MirrorRecord,
): Pick<OperationRecord, 'state' | 'message'> {
  const record = findTarget(draft, target);
  if (mirror.share === 0) {
    if (record?.mirror?.version === mirror.version) {
      delete record.mirror;
    }
    return { state: 'done' };
  }
  if (!record?.versions.some(each => each.version === mirror.version)) {
    return {
      state: 'failed',
      message: `Version ${mirror.version} has no server here; prepare it before it gets copies of requests`,
    };
  }
  record.mirror = mirror;
  return { state: 'done' };
}
