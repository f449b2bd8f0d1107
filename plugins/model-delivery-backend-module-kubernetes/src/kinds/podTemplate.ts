import { JsonObject } from '@backstage/types';
import { fillIn, storageUriOf } from '../fillIn';
import {
  at,
  HeldVersion,
  POD_DIGEST,
  POD_VERSION,
  TargetObject,
  textAt,
  Wish,
} from '../Kind';

type Container = JsonObject & {
  name: string;
  env?: (JsonObject & { name: string })[];
};

/** What a pod template of ours serves, undefined when it is somebody else's. */
export function heldBy(template: unknown): HeldVersion | undefined {
  const version = textAt(template, 'metadata', 'annotations', POD_VERSION);
  const digest = textAt(template, 'metadata', 'annotations', POD_DIGEST);
  return version && digest ? { version, digest } : undefined;
}

/**
 * What has to be merged into a pod template so that it serves a version.
 * @returns a sentence when the template has no such container.
 * @throws FillInError when the configuration asks for what is not known.
 */
export function templatePatch(
  template: unknown,
  target: TargetObject,
  wish: Wish,
): JsonObject | string {
  const { request } = wish;
  if (request.kind !== 'prepare') {
    throw new Error('Only what is prepared changes the template');
  }
  const { version } = request;
  const { model } = wish.target;
  const found = at(template, 'spec', 'containers');
  const containers = (Array.isArray(found) ? found : []) as Container[];
  const name = target.container ?? containers[0]?.name;
  if (!containers.some(each => each.name === name)) {
    return `The ${target.kind} ${target.name} has no container ${
      name ?? ''
    } to serve a model`;
  }
  const fill = (text: string) =>
    fillIn(
      text.replaceAll('{storageUri}', () =>
        storageUriOf(target.storageUri, model, version),
      ),
      model,
      version,
    );
  const env = Object.entries(target.env).map(([key, text]) => ({
    name: key,
    value: fill(text),
  }));
  return {
    metadata: {
      annotations: {
        [POD_VERSION]: version.version,
        [POD_DIGEST]: version.digest,
      },
    },
    spec: {
      containers: containers.map(each =>
        each.name === name
          ? {
              ...each,
              ...(target.image && { image: fill(target.image) }),
              ...(env.length > 0 && {
                env: [
                  ...(each.env ?? []).filter(
                    old => !env.some(({ name: key }) => key === old.name),
                  ),
                  ...env,
                ],
              }),
            }
          : each,
      ),
    },
  };
}

/** What has to be merged into a template so that it is an earlier one again, exactly. */
export function restorePatch(now: unknown, earlier: unknown): JsonObject {
  return merge(now as JsonObject, earlier as JsonObject);
}

function merge(now: JsonObject, earlier: JsonObject): JsonObject {
  const isObject = (value: unknown): value is JsonObject =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  const removed = Object.keys(now)
    .filter(key => !(key in earlier))
    .map(key => [key, null] as const);
  const kept = Object.entries(earlier).map(([key, value]) => {
    const there = now[key];
    return [
      key,
      isObject(value) && isObject(there) ? merge(there, value) : value,
    ] as const;
  });
  return Object.fromEntries([...removed, ...kept]) as JsonObject;
}
