import { ResponseError } from '@backstage/errors';
import {
  dataOf,
  ModelDeliveryClient,
} from '@slipway/backstage-plugin-model-delivery-common';

import { LANDMARK, yearEndOf } from './baseModel';

const POLL_MS = 500;
const LIMIT_MS = 90_000;

/**
 * The end of the year that was loaded before, so that loading on another day goes on with the same year; undefined when
 * nothing was.
 */
export async function findYearEnd(
  client: ModelDeliveryClient,
): Promise<Date | undefined> {
  try {
    const { createdAt } = dataOf(
      await client.GET('/models/{namespace}/{name}/versions/{version}', {
        params: { path: LANDMARK },
      }),
    );
    return yearEndOf(createdAt);
  } catch (error) {
    if (isStatus(error, 404)) {
      return undefined;
    }
    throw error;
  }
}

/**
 * Waits until the portal knows the models: it takes them from the catalog, which reads its files after the start.
 * @throws Error when some are still unknown after a minute and a half
 */
export async function waitForModels(
  client: ModelDeliveryClient,
  names: string[],
): Promise<void> {
  const until = Date.now() + LIMIT_MS;
  let missing = names;
  while (missing.length > 0) {
    const known = await Promise.all(missing.map(name => isKnown(client, name)));
    missing = missing.filter((_, index) => !known[index]);
    if (missing.length > 0 && Date.now() > until) {
      throw new Error(
        `The portal does not know the models ${missing.join(
          ', ',
        )}; the catalog must hold examples/models/*.yaml`,
      );
    }
    if (missing.length > 0) {
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
    }
  }
}

async function isKnown(
  client: ModelDeliveryClient,
  name: string,
): Promise<boolean> {
  try {
    await client.GET('/models/{namespace}/{name}', {
      params: { path: { namespace: 'default', name } },
    });
    return true;
  } catch (error) {
    if (isStatus(error, 404)) {
      return false;
    }
    throw error;
  }
}

/** An error in words; of a refusal by the portal, the portal's own. */
export function describeError(error: unknown): string {
  if (error instanceof ResponseError) {
    const { statusCode, body } = error;
    return `The portal answered ${statusCode}: ${body.error.message}`;
  }
  return error instanceof Error ? error.message : String(error);
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof ResponseError && error.response.status === status;
}
