import { JsonObject } from '@backstage/types';
import { TargetState } from '@slipway/backstage-plugin-model-delivery-node';
import { ClusterObject } from '../Cluster';
import {
  addressOf,
  annotations,
  at,
  condition,
  DONE,
  failed,
  HeldVersion,
  isMarked,
  isOurs,
  Kind,
  notOurs,
  pending,
  PREVIOUS,
  Step,
  TargetObject,
  textAt,
  Wish,
} from '../Kind';
import { restorePatch, templatePatch } from './podTemplate';
import { isUp, readRollout, Rollout, versionOf, versionsOf } from './argoState';

/** The kind as its CRD names it. */
export const ROLLOUT = {
  kind: 'Rollout',
  group: 'argoproj.io',
  version: 'v1alpha1',
  plural: 'rollouts',
};

/** One pod of the candidate is started and gets nothing. */
const PREPARE_STEPS: JsonObject[] = [
  { setCanaryScale: { replicas: 1 } },
  { pause: {} },
];
/** The candidate keeps its share until somebody decides. */
const stepsFor = (share: number): JsonObject[] => [
  { setWeight: share },
  { pause: {} },
];

/**
 * Argo Rollouts with a traffic router. Slipway writes the steps of the canary itself: each division is one `setWeight`
 * and a `pause` without end. Full traffic is `status.promoteFull`, and the way back `status.abort`, as its own
 * command line does them.
 */
export const argoRollouts: Kind<ClusterObject | undefined> = {
  read: (cluster, object) => cluster.read(addressOf(ROLLOUT, object)),

  plan(object, target, wish) {
    const { namespace, name } = target;
    if (!object) {
      return wish.request.kind === 'release'
        ? DONE
        : failed(
            `There is no Rollout ${namespace}/${name}; create it with the pods that serve the model`,
          );
    }
    if (!isOurs(object, target)) {
      return failed(notOurs(target));
    }
    if (!at(object.spec, 'strategy', 'canary', 'trafficRouting')) {
      return failed(
        `The Rollout ${name} has no strategy.canary.trafficRouting; without it Argo Rollouts can only come near to a division of traffic`,
      );
    }
    const rollout = readRollout(object);
    if (isMarked(object, wish) && !rollout.isSeen) {
      return pending('Argo Rollouts has yet to see the change');
    }
    const { request } = wish;
    if (request.kind === 'prepare') {
      return planPrepare(rollout, target, wish, request.version);
    }
    if (request.kind === 'release') {
      return planRelease(rollout, target, wish, request.version);
    }
    const shares = request.shares.filter(({ share }) => share > 0);
    const unknown = shares.find(
      ({ version }) =>
        version !== rollout.latest?.version &&
        version !== rollout.previous?.version,
    );
    if (unknown) {
      return failed(
        `The Rollout ${name} does not hold the version ${unknown.version} any more; prepare it again`,
      );
    }
    if (shares.length === 0) {
      return failed(
        `The Rollout ${name} always serves its stable version; scale it down to serve nothing`,
      );
    }
    const share =
      shares.find(({ version }) => version === rollout.latest?.version)
        ?.share ?? 0;
    return Number.isInteger(share)
      ? planTraffic(rollout, target, wish, share)
      : failed('Argo Rollouts divides traffic by whole percent only');
  },

  look(object, target): TargetState {
    if (!object || !isOurs(object, target)) {
      return { shares: [], versions: [] };
    }
    const rollout = readRollout(object);
    const shares = new Map<string, number>();
    for (const { podHash, share } of rollout.traffic) {
      const version = versionOf(rollout, podHash);
      shares.set(version, (shares.get(version) ?? 0) + share);
    }
    return {
      shares: [...shares].map(([version, share]) => ({ version, share })),
      versions: versionsOf(rollout),
    };
  },
};

function planPrepare(
  rollout: Rollout,
  target: TargetObject,
  wish: Wish,
  version: HeldVersion,
): Step {
  const { object, latest, stable, current, aborted } = rollout;
  const isLatest =
    latest?.version === version.version && latest.digest === version.digest;
  if (isMarked(object, wish)) {
    if (!isLatest) {
      return failed(changedByOthers(target));
    }
    if (stable === current && rollout.phase === 'Healthy') {
      return DONE;
    }
    if (aborted) {
      return write(rollout, target, { status: { abort: false } });
    }
    return isUp(rollout) && same(rollout.steps, PREPARE_STEPS)
      ? DONE
      : waitFor(rollout, `Argo Rollouts is starting ${version.version}`);
  }
  const isBusy = stable !== '' && stable !== current && !aborted;
  if (isBusy && !isLatest) {
    return failed(
      `The Rollout ${target.name} is in the middle of a canary of ${
        latest?.version ?? 'somebody else'
      }; end that first`,
    );
  }
  if (isLatest && (stable === current || isUp(rollout))) {
    return DONE;
  }
  if (!rollout.isSeen) {
    return pending('Argo Rollouts has yet to see the last change');
  }
  const template = isLatest
    ? {}
    : templatePatch(rollout.template, target, wish);
  if (typeof template === 'string') {
    return failed(template);
  }
  const isServing = stable !== '' && stable === current;
  return write(rollout, target, {
    metadata: annotations(wish, {
      ...(isServing && {
        [PREVIOUS]: {
          version: latest?.version ?? `pods ${stable}`,
          digest: latest?.digest ?? '',
          podHash: stable,
          template: rollout.template as JsonObject,
        },
      }),
    }),
    spec: {
      template,
      strategy: { canary: { steps: PREPARE_STEPS } },
    },
  });
}

/** @param share - what the version in the template is to have, in percent. */
function planTraffic(
  rollout: Rollout,
  target: TargetObject,
  wish: Wish,
  share: number,
): Step {
  const { object, latest, previous, stable, current, aborted } = rollout;
  const marked = isMarked(object, wish);
  const isServing = stable !== '' && stable === current;
  if (!marked) {
    if (isServing && share === 0 && previous) {
      // What was promoted is undone: its predecessor's template comes back, and is promoted in its turn
      return write(rollout, target, {
        metadata: annotations(wish, {
          [PREVIOUS]: {
            version: latest?.version ?? '',
            digest: latest?.digest ?? '',
            podHash: stable,
            template: rollout.template as JsonObject,
          },
        }),
        spec: {
          template: restorePatch(rollout.template, previous.template),
          strategy: { canary: { steps: PREPARE_STEPS } },
        },
      });
    }
    if (share > 0 && share < 100 && (isServing || aborted)) {
      return failed(
        `The pods of the candidate are not up in the Rollout ${target.name}; prepare the version again`,
      );
    }
    return write(rollout, target, {
      metadata: annotations(wish),
      ...(share > 0 &&
        share < 100 && {
          spec: { strategy: { canary: { steps: stepsFor(share) } } },
        }),
    });
  }
  const wanted = traffic(wish);
  const full = wanted.size === 1 ? [...wanted.keys()][0] : undefined;
  if (isServing) {
    return latest?.version === full
      ? waitUnless(rollout, rollout.phase === 'Healthy')
      : failed(changedByOthers(target));
  }
  if (full && full === latest?.version) {
    return at(object.status, 'promoteFull') === true
      ? waitUnless(rollout, false)
      : write(rollout, target, { status: { promoteFull: true } });
  }
  if (share === 0) {
    const hasNone = rollout.traffic.every(each => each.podHash === stable);
    return aborted
      ? waitUnless(rollout, hasNone)
      : write(rollout, target, { status: { abort: true } });
  }
  if (aborted || !same(rollout.steps, stepsFor(share))) {
    return failed(changedByOthers(target));
  }
  const seen = rollout.traffic.find(each => each.podHash === current)?.share;
  return waitUnless(rollout, isUp(rollout) && seen === share);
}

function traffic({ request }: Wish): Map<string, number> {
  return new Map(
    request.kind === 'setTraffic'
      ? request.shares
          .filter(({ share }) => share > 0)
          .map(({ version, share }) => [version, share])
      : [],
  );
}

function planRelease(
  rollout: Rollout,
  target: TargetObject,
  wish: Wish,
  version: string,
): Step {
  const { object, latest, previous, stable, current } = rollout;
  const share = rollout.traffic.find(
    each => versionOf(rollout, each.podHash) === version,
  )?.share;
  if (share) {
    return failed(
      `Version ${version} has ${share} % of the traffic; move it away before the version is released`,
    );
  }
  if (isMarked(object, wish) && latest?.version !== version) {
    return waitUnless(rollout, stable === current);
  }
  if (latest?.version === version && previous) {
    // The stable template again: Argo Rollouts knows it and skips the steps
    return write(rollout, target, {
      metadata: annotations(wish, { [PREVIOUS]: null }),
      spec: { template: restorePatch(rollout.template, previous.template) },
    });
  }
  return previous?.version === version
    ? write(rollout, target, {
        metadata: annotations(wish, { [PREVIOUS]: null }),
      })
    : DONE;
}

/** A change of the specification, or of the status, which is a resource of its own. */
function write(
  { object }: Rollout,
  target: TargetObject,
  patch: JsonObject,
): Step {
  return {
    write: {
      at: addressOf(ROLLOUT, target),
      resourceVersion: object.metadata.resourceVersion,
      patch,
      isStatus: 'status' in patch,
    },
  };
}

function waitUnless(rollout: Rollout, isThere: boolean): Step {
  return isThere
    ? DONE
    : waitFor(rollout, 'Argo Rollouts is moving the traffic');
}

function waitFor(rollout: Rollout, message: string): Step {
  const { object, phase } = rollout;
  const said = textAt(object.status, 'message');
  const progress = condition(object, 'Progressing');
  if (phase === 'Degraded' && progress?.reason === 'ProgressDeadlineExceeded') {
    return failed(
      `Argo Rollouts gave up: ${
        said || progress.message || 'it took too long'
      }`,
    );
  }
  return pending(`${message}${said ? ` (${said})` : ''}`);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function changedByOthers({ namespace, name }: TargetObject): string {
  return `Somebody else changed the Rollout ${namespace}/${name} while Slipway was at work on it`;
}
