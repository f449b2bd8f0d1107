import { ClusterObject } from '../Cluster';
import {
  annotation,
  at,
  condition,
  HeldVersion,
  LATEST,
  numberAt,
  PREVIOUS,
  textAt,
} from '../Kind';

/** Set to `true`, KServe takes everything of the service down, and keeps the object. */
export const STOP = 'serving.kserve.io/stop';

/** What the object's specification has now. */
interface Latest extends HeldVersion {
  storageUri: string;
  /** The newest revision when it was written; it has one of its own as soon as there is a newer one. */
  after: string;
}

/** What traffic can go back to: KServe keeps one revision beside the latest. */
interface Previous extends HeldVersion {
  storageUri: string;
  revision: string;
}

const isHeld = (value: HeldVersion & { storageUri: string }) =>
  [value.version, value.digest, value.storageUri].every(
    each => typeof each === 'string',
  );

/** An InferenceService as far as traffic goes. */
export interface Service {
  object: ClusterObject;
  latest?: Latest;
  previous?: Previous;
  /** Percent of the traffic that the latest revision is to have. */
  wanted: number;
  stopped: boolean;
  created: string;
  ready: boolean;
  rolledOut: string;
  traffic: { revision: string; share: number }[];
}

/** Reads what Slipway wrote down and what KServe tells. */
export function readService(object: ClusterObject): Service {
  const component = at(object.status, 'components', 'predictor');
  const latest = annotation<Latest>(object, LATEST, isHeld);
  const uri = textAt(object.spec, 'predictor', 'model', 'storageUri');
  const created = textAt(component, 'latestCreatedRevision');
  const traffic = at(component, 'traffic');
  const isStopped =
    object.metadata.annotations?.[STOP] === 'true' &&
    condition(object, 'Stopped')?.status === 'True';
  return {
    object,
    // Somebody may have put another artifact there meanwhile
    latest: latest?.storageUri === uri ? latest : undefined,
    previous: annotation<Previous>(object, PREVIOUS, isHeld),
    wanted: numberAt(object.spec, 'predictor', 'canaryTrafficPercent') ?? 100,
    stopped: object.metadata.annotations?.[STOP] === 'true',
    created,
    ready:
      created !== '' &&
      created === textAt(component, 'latestReadyRevision') &&
      created !== latest?.after,
    rolledOut: textAt(component, 'latestRolledoutRevision'),
    traffic: (isStopped || !Array.isArray(traffic) ? [] : traffic)
      .map(each => ({
        revision: textAt(each, 'revisionName'),
        share: numberAt(each, 'percent') ?? 0,
      }))
      .filter(({ share }) => share > 0),
  };
}

/** What a revision serves. One that Slipway did not make is told by its own name. */
function versionOf(service: Service, revision: string): string {
  const { latest, previous, created } = service;
  if (previous && revision === previous.revision) {
    return previous.version;
  }
  return latest && revision === created && revision !== latest.after
    ? latest.version
    : `revision ${revision}`;
}

/** Who gets what now. */
export function sharesOf(service: Service) {
  const shares = new Map<string, number>();
  for (const { revision, share } of service.traffic) {
    const version = versionOf(service, revision);
    shares.set(version, (shares.get(version) ?? 0) + share);
  }
  return [...shares].map(([version, share]) => ({ version, share }));
}

/** What the object holds, and whether it could take traffic. */
export function versionsOf(service: Service) {
  const { latest, previous, ready, stopped } = service;
  const versions = new Map<string, boolean>();
  if (previous) {
    versions.set(previous.version, !stopped);
  }
  if (latest && !versions.has(latest.version)) {
    versions.set(latest.version, ready && !stopped);
  }
  return [...versions].map(([version, isReady]) => ({
    version,
    ready: isReady,
  }));
}

/** What was rolled out, whoever did that; undefined when there is nothing to send traffic back to. */
export function servingRevision({
  object,
  latest,
  wanted,
  created,
  rolledOut,
  stopped,
}: Service): Previous | undefined {
  if (stopped || rolledOut === '') {
    return undefined;
  }
  return latest && wanted === 100
    ? {
        version: latest.version,
        digest: latest.digest,
        storageUri: latest.storageUri,
        revision: created,
      }
    : {
        version: `revision ${rolledOut}`,
        digest: '',
        storageUri:
          wanted === 100
            ? textAt(object.spec, 'predictor', 'model', 'storageUri')
            : '',
        revision: rolledOut,
      };
}

/** What KServe says is wrong. */
export function trouble({ object }: Service): string {
  const ready = condition(object, 'PredictorReady');
  const states = at(object.status, 'modelStatus', 'lastFailureInfo');
  const said = textAt(states, 'message') || ready?.message || '';
  return ready?.status === 'False' && said ? ` (${said})` : '';
}
