import { JsonObject } from '@backstage/types';
import { TargetState } from '@slipway/backstage-plugin-model-delivery-node';
import { ClusterObject } from '../Cluster';
import {
  addressOf,
  annotations,
  condition,
  DONE,
  failed,
  HeldVersion,
  isMarked,
  isOurs,
  Kind,
  notOurs,
  numberAt,
  OPERATION,
  pending,
  PREVIOUS,
  Step,
  TargetObject,
  textAt,
  Wish,
} from '../Kind';
import { restorePatch, templatePatch } from './podTemplate';
import {
  CANARY,
  DEPLOYMENT,
  isDeployment,
  Objects,
  readRelease,
  Release,
} from './flaggerState';

/** The specification that Flagger had applied last when it was asked for a rollout. */
const AFTER = 'slipway.dev/after';
/** Set while Slipway has switched the analysis off for the way back. */
const SKIPPED = 'slipway.dev/skipped-analysis';

/**
 * Flagger moves the traffic itself, by the analysis of its Canary object. Slipway's part is to hold it back while a version
 * is brought up, to let it go, and to tell what it made of it: all traffic or none, so the policy's rollout has to be
 * direct.
 */
export const flagger: Kind<Objects> = {
  async read(cluster, object) {
    const { namespace } = object;
    const canary = await cluster.read(addressOf(CANARY, object));
    const name = textAt(canary?.spec, 'targetRef', 'name');
    if (!canary || !name || !isDeployment(canary)) {
      return { canary };
    }
    const [workload, primary] = await Promise.all([
      cluster.read(addressOf(DEPLOYMENT, { namespace, name })),
      cluster.read(
        addressOf(DEPLOYMENT, { namespace, name: `${name}-primary` }),
      ),
    ]);
    return { canary, workload, primary };
  },

  plan(objects, target, wish) {
    const { request } = wish;
    const release = readRelease(objects, target);
    if (typeof release === 'string') {
      return request.kind === 'release' && !objects.canary
        ? DONE
        : failed(release);
    }
    if (!isOurs(release.canary, target)) {
      return failed(notOurs(target));
    }
    if (request.kind === 'prepare') {
      return planPrepare(release, target, wish, request.version);
    }
    if (request.kind === 'release') {
      return planRelease(release, target, wish, request.version);
    }
    const [full, other] = request.shares.filter(({ share }) => share > 0);
    if (!full) {
      return failed(
        `The Canary ${target.name} always serves its primary; scale that down to serve nothing`,
      );
    }
    return other
      ? failed(
          'Flagger divides the traffic itself, by the analysis of its Canary; use a policy whose rollout is direct',
        )
      : planFull(release, target, wish, full.version);
  },

  look(objects, target): TargetState {
    const release = readRelease(objects, target);
    if (typeof release === 'string' || !isOurs(release.canary, target)) {
      return { shares: [], versions: [] };
    }
    const { latest, serving, previous, isInitialized, weight } = release;
    const primary = serving?.version ?? `${target.name}-primary`;
    const candidate = latest?.version ?? target.name;
    const shares = new Map<string, number>();
    if (isInitialized) {
      shares.set(primary, 100 - weight);
      shares.set(candidate, (shares.get(candidate) ?? 0) + weight);
    }
    const versions = new Map<string, boolean>();
    if (previous) {
      versions.set(previous.version, false);
    }
    if (latest) {
      versions.set(latest.version, release.isUp);
    }
    if (serving && isInitialized) {
      versions.set(serving.version, true);
    }
    return {
      shares: [...shares]
        .filter(([, share]) => share > 0)
        .map(([version, share]) => ({ version, share })),
      versions: [...versions].map(([version, ready]) => ({ version, ready })),
    };
  },
};

function is(held: HeldVersion | undefined, version: string): boolean {
  return held?.version === version;
}

function planPrepare(
  release: Release,
  target: TargetObject,
  wish: Wish,
  version: HeldVersion,
): Step {
  const { canary, workload, latest, serving, suspended } = release;
  const marked = isMarked(canary, wish);
  const isHeld =
    latest?.digest === version.digest && is(latest, version.version);
  if (isHeld && is(serving, version.version) && !release.isBusy) {
    return DONE;
  }
  if (['Promoting', 'Finalising'].includes(release.phase) && !suspended) {
    return pending(`Flagger has yet to end its rollout (${release.phase})`);
  }
  if (release.isBusy && !suspended) {
    return failed(
      `Flagger is in the middle of a rollout of ${
        latest?.version ?? 'somebody else'
      } (${release.phase}); wait for its end`,
    );
  }
  if (!marked) {
    const holdsServing =
      serving && latest?.version === serving.version
        ? {
            version: serving.version,
            digest: serving.digest,
            template: workload.spec.template as JsonObject,
          }
        : undefined;
    return writeCanary(release, target, {
      metadata: annotations(
        wish,
        holdsServing ? { [PREVIOUS]: holdsServing } : {},
      ),
      spec: { suspend: true },
    });
  }
  if (!suspended) {
    return failed(changedByOthers(target));
  }
  if (!isMarked(workload, wish)) {
    const template = templatePatch(workload.spec.template, target, wish);
    if (typeof template === 'string') {
      return failed(template);
    }
    const pods = template.metadata as { annotations: JsonObject };
    // Flagger takes no notice of a template that it refused before, so each attempt is one of its own
    pods.annotations[OPERATION] = wish.key;
    return writeWorkload(release, {
      metadata: annotations(wish),
      spec: {
        template,
        replicas: numberAt(workload.spec, 'replicas') || 1,
      },
    });
  }
  if (!isHeld) {
    return failed(changedByOthers(target));
  }
  return release.isUp ? DONE : pending(`The pods of ${version.version} start`);
}

function planFull(
  release: Release,
  target: TargetObject,
  wish: Wish,
  version: string,
): Step {
  const { canary, latest, serving, previous } = release;
  if (is(serving, version) && release.isInitialized) {
    return is(latest, version)
      ? letGo(release, target, wish)
      : planRevert(release, target, wish);
  }
  const marked = isMarked(canary, wish);
  if (!marked && is(latest, version)) {
    return writeCanary(release, target, {
      metadata: annotations(wish, { [AFTER]: appliedBy(canary) }),
      spec: { suspend: false },
    });
  }
  if (!marked && is(previous, version)) {
    if (release.isBusy) {
      return pending(`Flagger has yet to end its rollout (${release.phase})`);
    }
    // It was analysed when it was promoted, so the way back does without
    return writeCanary(release, target, {
      metadata: annotations(wish, {
        [AFTER]: appliedBy(canary),
        [SKIPPED]: 'true',
      }),
      spec: { suspend: false, skipAnalysis: true },
    });
  }
  if (!marked) {
    return failed(
      `The Canary ${target.name} does not hold the version ${version} any more; prepare it again`,
    );
  }
  if (!is(latest, version)) {
    return is(previous, version) && !isMarked(release.workload, wish)
      ? writeWorkload(release, {
          metadata: annotations(wish),
          spec: {
            template: restorePatch(
              release.workload.spec.template,
              previous!.template,
            ),
          },
        })
      : failed(changedByOthers(target));
  }
  if (
    release.phase === 'Failed' &&
    appliedBy(canary) !== canary.metadata.annotations?.[AFTER]
  ) {
    return failed(
      `Flagger rolled ${version} back: ${
        condition(canary, 'Promoted')?.message || 'its analysis failed'
      }`,
    );
  }
  return pending(
    `Flagger is at work (${release.phase || 'Initializing'}, ${
      release.weight
    } %)`,
  );
}

/** All is as it is to be: Flagger may look after it again. */
function letGo(release: Release, target: TargetObject, wish: Wish): Step {
  const { canary, workload, suspended, isBusy } = release;
  const skipped = canary.metadata.annotations?.[SKIPPED] !== undefined;
  const isSettled = !isBusy || !skipped;
  if (!isMarked(canary, wish) || suspended || (skipped && isSettled)) {
    return writeCanary(release, target, {
      metadata: annotations(wish, skipped ? { [SKIPPED]: null } : {}),
      spec: { suspend: false, ...(skipped && { skipAnalysis: false }) },
    });
  }
  // While it still analyses what was reverted, its pods are those that serve already
  const isReverted = isMarked(workload, wish) && release.isUp && !skipped;
  return isBusy && !isReverted
    ? pending(`Flagger finishes its rollout (${release.phase})`)
    : DONE;
}

/** The template is again what serves, so whatever Flagger still does makes no difference. */
function planRevert(release: Release, target: TargetObject, wish: Wish): Step {
  const { workload, previous, serving, isBusy } = release;
  if (!previous || previous.version !== serving?.version) {
    return failed(
      `Slipway does not know the template of ${
        serving?.version ?? 'what serves'
      }; revert the Deployment of the Canary ${target.name} by hand`,
    );
  }
  return writeWorkload(release, {
    metadata: annotations(wish),
    spec: {
      template: restorePatch(workload.spec.template, previous.template),
      ...(!isBusy && { replicas: 0 }),
    },
  });
}

function planRelease(
  release: Release,
  target: TargetObject,
  wish: Wish,
  version: string,
): Step {
  const { canary, workload, latest, serving, previous, weight } = release;
  if (is(serving, version) || (is(latest, version) && weight > 0)) {
    return failed(
      `Version ${version} has traffic; move it away before the version is released`,
    );
  }
  if (is(latest, version)) {
    return planRevert(release, target, wish);
  }
  if (is(previous, version) || isMarked(workload, wish)) {
    return isMarked(canary, wish)
      ? DONE
      : writeCanary(release, target, {
          metadata: annotations(
            wish,
            is(previous, version) ? { [PREVIOUS]: null } : {},
          ),
          spec: { suspend: false },
        });
  }
  return DONE;
}

function appliedBy({ status }: ClusterObject): string {
  return textAt(status, 'lastAppliedSpec');
}

function writeCanary(
  { canary }: Release,
  target: TargetObject,
  patch: JsonObject,
): Step {
  return {
    write: {
      at: addressOf(CANARY, target),
      resourceVersion: canary.metadata.resourceVersion,
      patch,
    },
  };
}

function writeWorkload(
  { workload, workloadAt }: Release,
  patch: JsonObject,
): Step {
  return {
    write: {
      at: workloadAt,
      resourceVersion: workload.metadata.resourceVersion,
      patch,
    },
  };
}

function changedByOthers({ namespace, name }: TargetObject): string {
  return `Somebody else changed the Canary ${namespace}/${name} or its Deployment while Slipway was at work on it`;
}
