import {
  dataOf,
  ModelDeliveryClient,
  Promotion,
  PromotionState,
} from '@slipway/backstage-plugin-model-delivery-common';

/** Makes clients that act as a person. */
export type ClientOf = (person: string) => Promise<ModelDeliveryClient>;

const POLL_MS = 500;
const LIMIT_MS = 90_000;
const REASON = 'Sample: approved by the portfolio loader';
const OVER: readonly PromotionState[] = [
  'succeeded',
  'blocked',
  'rejected',
  'expired',
  'rolled-back',
  'cancelled',
  'errored',
];

/** A promotion that the portal's first day begins with. */
export interface SamplePromotion {
  model: string;
  version: string;
  environment: string;
  /** User who asks. */
  requestedBy: string;
  /** Users by the role in which each approves. */
  approvers: Readonly<Record<string, string>>;
}

/**
 * Takes a version through the real engine into an environment: asked for by one person, approved by others, each signed
 * in as themselves. One that succeeded before is left alone.
 * @throws Error when it ends otherwise; the message has the portal's own words
 */
export async function promote(
  clientOf: ClientOf,
  { model, version, environment, requestedBy, approvers }: SamplePromotion,
): Promise<void> {
  const requester = await clientOf(requestedBy);
  let promotion = dataOf(
    await requester.POST('/promotions', {
      body: {
        model: `model:default/${model}`,
        version,
        environment,
        reason: 'planned',
        note: 'Sample: asked for by the portfolio loader',
        idempotencyKey: `sample.${model}.${version}.${environment}`,
      },
    }),
  );
  const until = Date.now() + LIMIT_MS;
  while (!OVER.includes(promotion.state)) {
    if (Date.now() > until) {
      throw new Error(
        `${describe(promotion)} is not over after ${LIMIT_MS / 1000} s: ${
          promotion.statement
        }`,
      );
    }
    if (promotion.state === 'awaiting-approval') {
      await approve(clientOf, promotion, approvers);
    }
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
    promotion = await read(requester, promotion.id);
  }
  if (promotion.state !== 'succeeded') {
    throw new Error(
      `${describe(promotion)} ended as ${promotion.state}: ${
        promotion.error?.message ?? promotion.statement
      }`,
    );
  }
}

async function approve(
  clientOf: ClientOf,
  { id, approval }: Promotion,
  approvers: SamplePromotion['approvers'],
): Promise<void> {
  for (const slot of approval.slots.filter(
    each => each.filled < each.minimum,
  )) {
    const person = approvers[slot.role];
    if (!person) {
      throw new Error(
        `Promotion ${id} asks for a ${slot.title}; the loader knows nobody in that role`,
      );
    }
    const client = await clientOf(person);
    const { state, revision, approval: seen } = await read(client, id);
    if (state !== 'awaiting-approval' || !seen.subject) {
      return;
    }
    await client.POST('/promotions/{id}/decisions', {
      params: { path: { id } },
      body: {
        decision: 'approve',
        role: slot.role,
        subjectDigest: seen.subject.digest,
        revision,
        reason: REASON,
      },
    });
  }
}

async function read(
  client: ModelDeliveryClient,
  id: string,
): Promise<Promotion> {
  return dataOf(
    await client.GET('/promotions/{id}', { params: { path: { id } } }),
  );
}

function describe({ model, version, environment }: Promotion): string {
  return `The promotion of ${model} ${version} to ${environment}`;
}
