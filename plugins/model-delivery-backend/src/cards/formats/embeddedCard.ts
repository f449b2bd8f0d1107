import { ModelCard } from '@slipway/backstage-plugin-model-delivery-common';
import canonicalize from 'canonicalize';
import { z } from 'zod';

const source = z.enum([
  'catalog',
  'version',
  'evaluations',
  'delivery',
  'text',
  'import',
]);
const MAX_ITEMS = 1_000;

const measurement = z.strictObject({
  fact: z.string(),
  name: z.string(),
  value: z.number(),
  slice: z
    .strictObject({ attribute: z.string(), value: z.string() })
    .optional(),
  interval: z
    .strictObject({ low: z.number(), high: z.number(), level: z.number() })
    .optional(),
  sampleSize: z.number().int().min(0).optional(),
  unit: z.string().optional(),
  higherIsBetter: z.boolean().optional(),
  dataset: z.string().optional(),
  measuredAt: z.iso.datetime().optional(),
  evaluation: z.string().optional(),
});

const card: z.ZodType<ModelCard> = z.strictObject({
  model: z.string().min(1),
  title: z.string(),
  version: z.string().nullable(),
  digest: z.string().nullable(),
  asOf: z.iso.datetime().nullable(),
  sections: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        title: z.string(),
        facts: z
          .array(
            z.strictObject({
              label: z.string(),
              text: z.string(),
              ref: z.string().optional(),
              source,
            }),
          )
          .max(MAX_ITEMS),
        measurements: z.array(measurement).max(MAX_ITEMS),
        texts: z
          .array(z.strictObject({ markdown: z.string(), source }))
          .max(MAX_ITEMS),
      }),
    )
    .max(200),
});

/** The whole card as a text: the same for the same card, in whatever order its keys stand. */
export function embedCard(given: ModelCard): string {
  return canonicalize(given)!;
}

/** Reads the card that Slipway put into a file beside what its format holds; undefined when there is none, or it is malformed. */
export function parseEmbeddedCard(text: unknown): ModelCard | undefined {
  if (typeof text !== 'string') {
    return undefined;
  }
  try {
    return card.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
