import { z } from 'zod';

// Only what is used is demanded: servers of other versions, and compatible ones, add and leave out fields.

/** Milliseconds since 1970. Protobuf's JSON may write 64-bit integers as text. */
const timestamp = z
  .union([z.number().int(), z.string().regex(/^\d{1,16}$/)])
  .transform(Number);

const text = z.string().max(100_000);

const tags = z
  .array(z.object({ key: text, value: text.default('') }))
  .default([]);

/** Protobuf's JSON writes what JSON has no number for as text. */
const metricValue = z.union([
  z.number(),
  z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number),
]);

/** A version of a registered model. Aliases are not among it: MLflow gives them with the model. */
export const modelVersionSchema = z.object({
  name: text,
  version: z.union([text, z.number().int().transform(String)]),
  creation_timestamp: timestamp,
  last_updated_timestamp: timestamp.optional(),
  user_id: text.optional(),
  run_id: text.optional(),
  status: text.optional(),
  tags,
});

/** A page of versions. */
export const modelVersionPageSchema = z.object({
  model_versions: z.array(modelVersionSchema).max(1_000).default([]),
  next_page_token: z.string().max(10_000).optional(),
});

/** A registered model: what it says of itself, its aliases and, where MLflow names it, its newest version. */
export const registeredModelSchema = z.object({
  name: text,
  description: text.optional(),
  tags,
  latest_versions: z
    .array(
      z.object({
        version: z.union([text, z.number().int().transform(String)]),
        creation_timestamp: timestamp.optional(),
        tags,
      }),
    )
    .default([]),
  aliases: z
    .array(
      z.object({
        alias: text,
        version: z.union([text, z.number().int().transform(String)]),
      }),
    )
    .default([]),
});

/** A page of registered models. */
export const registeredModelPageSchema = z.object({
  registered_models: z.array(registeredModelSchema).max(1_000).default([]),
  next_page_token: z.string().max(10_000).optional(),
});

/** A run. */
export const runSchema = z.object({
  info: z.object({ run_id: text, user_id: text.optional() }),
  data: z
    .object({
      metrics: z
        .array(z.object({ key: text, value: metricValue.default(0) }))
        .default([]),
      params: z
        .array(z.object({ key: text, value: text.default('') }))
        .default([]),
      tags,
    })
    .default({ metrics: [], params: [], tags: [] }),
  inputs: z
    .object({
      dataset_inputs: z
        .array(
          z.object({
            tags,
            dataset: z.object({ name: text, digest: text.default('') }),
          }),
        )
        .default([]),
    })
    .default({ dataset_inputs: [] }),
});

/** A page of the values of a metric; without a token where all of it came. */
export const metricHistorySchema = z.object({
  metrics: z
    .array(
      z.object({
        value: metricValue.default(0),
        timestamp,
        step: z
          .union([z.number().int(), z.string().regex(/^-?\d{1,16}$/)])
          .transform(Number)
          .default(0),
      }),
    )
    .max(25_000)
    .default([]),
  next_page_token: z.string().max(10_000).optional(),
});

export type MlflowMetricPoint = z.infer<
  typeof metricHistorySchema
>['metrics'][number];
export type MlflowModelVersion = z.infer<typeof modelVersionSchema>;
export type MlflowRegisteredModel = z.infer<typeof registeredModelSchema>;
export type MlflowRun = z.infer<typeof runSchema>;
