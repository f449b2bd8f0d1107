import { JsonObject } from '@backstage/types';
import { TargetState } from '@slipway/backstage-plugin-model-delivery-node';
import { ClusterObject } from '../Cluster';
import { storageUriOf } from '../fillIn';
import {
  addressOf,
  annotations,
  at,
  DONE,
  failed,
  HeldVersion,
  isMarked,
  isOurs,
  Kind,
  LATEST,
  MANAGED_LABEL,
  notOurs,
  pending,
  POD_DIGEST,
  POD_VERSION,
  PREVIOUS,
  Step,
  TargetObject,
  textAt,
  Wish,
} from '../Kind';
import {
  readService,
  Service,
  servingRevision,
  sharesOf,
  STOP,
  trouble,
  versionsOf,
} from './kserveState';

/** The kind as its CRD names it. */
export const INFERENCE_SERVICE = {
  kind: 'InferenceService',
  group: 'serving.kserve.io',
  version: 'v1beta1',
  plural: 'inferenceservices',
};

/**
 * KServe in serverless mode: a change of `storageUri` makes a new revision, `canaryTrafficPercent` is its share, and the
 * rest goes to the revision that was rolled out before. It holds two versions, therefore, and no more.
 */
export const kserve: Kind<ClusterObject | undefined> = {
  read: (cluster, object) => cluster.read(addressOf(INFERENCE_SERVICE, object)),

  plan(object, target, wish) {
    if (!object) {
      return planWithout(target, wish);
    }
    if (!isOurs(object, target)) {
      return failed(notOurs(target));
    }
    if (at(object.spec, 'predictor', 'model') === undefined) {
      return failed(
        `The InferenceService ${target.name} has no predictor.model; Slipway changes its storageUri, and nothing else will do`,
      );
    }
    const service = readService(object);
    const { request } = wish;
    if (request.kind === 'prepare') {
      return planPrepare(service, target, wish, {
        version: request.version.version,
        digest: request.version.digest,
        storageUri: storageUriOf(
          target.storageUri,
          wish.target.model,
          request.version,
        ),
      });
    }
    if (request.kind === 'release') {
      return planRelease(service, target, wish, request.version);
    }
    return planTraffic(
      service,
      target,
      wish,
      new Map(
        request.shares
          .filter(({ share }) => share > 0)
          .map(({ version, share }) => [version, share]),
      ),
    );
  },

  look(object, target): TargetState {
    if (!object || !isOurs(object, target)) {
      return { shares: [], versions: [] };
    }
    const service = readService(object);
    const endpoint = textAt(object.status, 'url');
    return {
      shares: sharesOf(service),
      versions: versionsOf(service),
      ...(endpoint && { endpoint }),
    };
  },
};

/** There is no object yet. */
function planWithout(target: TargetObject, wish: Wish): Step {
  const { request } = wish;
  const { kind, namespace, name } = target;
  if (request.kind === 'release') {
    return DONE;
  }
  if (request.kind === 'setTraffic' || !target.predictor) {
    return request.kind === 'setTraffic' && request.shares.length === 0
      ? DONE
      : failed(
          `There is no ${kind} ${namespace}/${name}; create it, or set predictor of the target so that Slipway does`,
        );
  }
  const { version, digest } = request.version;
  const storageUri = storageUriOf(
    target.storageUri,
    wish.target.model,
    request.version,
  );
  const { model, ...predictor } = target.predictor as { model: JsonObject };
  return {
    write: {
      at: addressOf(INFERENCE_SERVICE, target),
      create: {
        apiVersion: `${INFERENCE_SERVICE.group}/${INFERENCE_SERVICE.version}`,
        kind,
        metadata: {
          name,
          namespace,
          labels: { [MANAGED_LABEL]: 'true' },
          ...annotations(wish, {
            [LATEST]: { version, digest, storageUri, after: '' },
          }),
        },
        spec: {
          predictor: {
            ...predictor,
            annotations: podAnnotations({ version, digest }),
            model: { ...model, storageUri },
          },
        },
      },
    },
  };
}

function podAnnotations({ version, digest }: HeldVersion): JsonObject {
  return { [POD_VERSION]: version, [POD_DIGEST]: digest };
}

function planPrepare(
  service: Service,
  target: TargetObject,
  wish: Wish,
  version: HeldVersion & { storageUri: string },
): Step {
  const { object, latest, previous, wanted, created } = service;
  const holds = (held?: HeldVersion) =>
    held?.version === version.version && held.digest === version.digest;
  if (holds(latest)) {
    if (!isMarked(object, wish)) {
      return change(service, target, wish, {}, { [STOP]: null });
    }
    return service.ready ? DONE : waitForRevision(service, version.version);
  }
  if (holds(previous)) {
    return DONE;
  }
  if (isMarked(object, wish)) {
    return failed(changedByOthers(target));
  }
  if (wanted > 0 && wanted < 100) {
    return failed(
      `The traffic of ${target.name} is divided between two versions, and KServe holds no third; end that first`,
    );
  }
  const serving =
    wanted === 0 && previous ? previous : servingRevision(service);
  if (serving && service.rolledOut !== serving.revision) {
    return pending(`KServe has yet to finish rolling out ${serving.version}`);
  }
  return change(
    service,
    target,
    wish,
    {
      predictor: {
        annotations: podAnnotations(version),
        // Without a revision that was rolled out KServe has nowhere else to send traffic
        canaryTrafficPercent: serving ? 0 : null,
        model: { storageUri: version.storageUri },
      },
    },
    {
      [LATEST]: { ...version, after: created },
      [PREVIOUS]: serving ? { ...serving } : null,
      [STOP]: null,
    },
  );
}

function planTraffic(
  service: Service,
  target: TargetObject,
  wish: Wish,
  shares: Map<string, number>,
): Step {
  const { object, latest, previous, wanted, stopped } = service;
  const marked = isMarked(object, wish);
  if (shares.size === 0) {
    if (!marked) {
      // What is started again later counts its revisions anew, and has none to go back to
      return change(
        service,
        target,
        wish,
        {},
        {
          [STOP]: 'true',
          [PREVIOUS]: null,
          ...(latest && { [LATEST]: { ...latest, after: '' } }),
        },
      );
    }
    if (!stopped) {
      return failed(changedByOthers(target));
    }
    return service.traffic.length === 0
      ? DONE
      : pending('KServe is taking the service down');
  }
  const unknown = [...shares.keys()].find(
    version => version !== latest?.version && version !== previous?.version,
  );
  if (unknown) {
    return failed(
      `The InferenceService ${target.name} does not hold the version ${unknown} any more; prepare it again`,
    );
  }
  const percent =
    latest?.version === previous?.version
      ? 100
      : (latest && shares.get(latest.version)) ?? 0;
  if (!Number.isInteger(percent)) {
    return failed('KServe divides traffic by whole percent only');
  }
  if (!marked) {
    return change(
      service,
      target,
      wish,
      {
        predictor: { canaryTrafficPercent: percent === 100 ? null : percent },
      },
      { [STOP]: null },
    );
  }
  if (wanted !== percent || stopped) {
    return failed(changedByOthers(target));
  }
  const seen = new Map(
    sharesOf(service).map(({ version, share }) => [version, share]),
  );
  const isThere =
    seen.size === shares.size &&
    [...shares].every(([version, share]) => seen.get(version) === share);
  return isThere
    ? DONE
    : pending(
        `KServe is moving the traffic${trouble(service)}: ${describe(seen)}`,
      );
}

function planRelease(
  service: Service,
  target: TargetObject,
  wish: Wish,
  version: string,
): Step {
  const { object, latest, previous } = service;
  const share = sharesOf(service).find(each => each.version === version)?.share;
  if (share) {
    return failed(
      `Version ${version} has ${share} % of the traffic; move it away before the version is released`,
    );
  }
  if (latest?.version === version && previous) {
    if (previous.storageUri === '') {
      return failed(
        `Slipway does not know the artifact of ${previous.version}, which serves; prepare another version instead`,
      );
    }
    // The serving version becomes the specification again, without traffic until it is ready
    return change(
      service,
      target,
      wish,
      {
        predictor: {
          annotations: podAnnotations(previous),
          canaryTrafficPercent: 0,
          model: { storageUri: previous.storageUri },
        },
      },
      {
        [LATEST]: {
          version: previous.version,
          digest: previous.digest,
          storageUri: previous.storageUri,
          after: service.created,
        },
      },
    );
  }
  if (latest && previous && latest.version === previous.version) {
    if (!service.ready) {
      return waitForRevision(service, latest.version);
    }
    return change(
      service,
      target,
      wish,
      { predictor: { canaryTrafficPercent: null } },
      { [PREVIOUS]: null },
    );
  }
  if (previous?.version === version) {
    return change(service, target, wish, {}, { [PREVIOUS]: null });
  }
  const rolled = isMarked(object, wish) && latest && service.ready;
  return rolled &&
    service.traffic.some(each => each.revision !== service.created)
    ? pending(
        `KServe is moving the traffic to one revision of ${latest.version}`,
      )
    : DONE;
}

function change(
  { object }: Service,
  target: TargetObject,
  wish: Wish,
  spec: JsonObject,
  more: Parameters<typeof annotations>[1],
): Step {
  return {
    write: {
      at: addressOf(INFERENCE_SERVICE, target),
      resourceVersion: object.metadata.resourceVersion,
      patch: { metadata: annotations(wish, more), spec },
    },
  };
}

function changedByOthers({ namespace, name }: TargetObject): string {
  return `Somebody else changed the InferenceService ${namespace}/${name} while Slipway was at work on it`;
}

function waitForRevision(service: Service, version: string): Step {
  return pending(`KServe is starting ${version}${trouble(service)}`);
}

function describe(seen: Map<string, number>): string {
  return (
    [...seen].map(([version, share]) => `${version} ${share} %`).join(', ') ||
    'no traffic yet'
  );
}
