import { z } from 'zod';

// Only what is used is demanded: servers of other versions, and compatible ones, add and leave out fields.

/** Milliseconds since 1970. Protobuf's JSON may write 64-bit integers as text. */
const timestamp = z
  .union([z.number().int(), z.string().regex(/^\d{1,16}$/)])
  .transform(Number);

const step = z
  .union([z.number().int(), z.string().regex(/^-?\d{1,16}$/)])
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
  /** Where it was made from; `models:/m-…` for a logged model. */
  source: text.optional(),
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

const datasetInputs = z
  .array(
    z.object({
      tags,
      dataset: z.object({ name: text, digest: text.default('') }),
    }),
  )
  .default([]);

/** A run as searches tell it: they do not tell which logged models it measured. */
const runSchema = z.object({
  info: z.object({
    run_id: text,
    experiment_id: text.optional(),
    user_id: text.optional(),
  }),
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
    .object({ dataset_inputs: datasetInputs })
    .default({ dataset_inputs: [] }),
});

const modelLinks = z.array(z.object({ model_id: text })).default([]);

/** A run as it is told by itself, with its logged models. */
export const wholeRunSchema = runSchema.extend({
  inputs: z
    .object({
      dataset_inputs: datasetInputs,
      /** Logged models that it measured. */
      model_inputs: modelLinks,
    })
    .default({ dataset_inputs: [], model_inputs: [] }),
  outputs: z
    .object({
      /** Logged models that it made. */
      model_outputs: modelLinks,
    })
    .default({ model_outputs: [] }),
});

/** Runs, all that were asked for and are there. */
export const runsSchema = z.object({
  runs: z.array(runSchema).max(1_000).default([]),
});

/** A page of runs that ended. */
export const endedRunPageSchema = z.object({
  runs: z
    .array(z.object({ info: z.object({ run_id: text, end_time: timestamp }) }))
    .max(1_000)
    .default([]),
  next_page_token: z.string().max(10_000).optional(),
});

/** A page of experiments. */
export const experimentPageSchema = z.object({
  experiments: z
    .array(z.object({ experiment_id: text }))
    .max(1_000)
    .default([]),
  next_page_token: z.string().max(10_000).optional(),
});

/** A logged model: what a version is made from in MLflow 3, with everything that was ever measured of it. */
export const loggedModelSchema = z.object({
  info: z.object({
    model_id: text,
    experiment_id: text,
    source_run_id: text.optional(),
    tags,
  }),
  data: z
    .object({
      params: z
        .array(z.object({ key: text, value: text.default('') }))
        .default([]),
      metrics: z
        .array(
          z.object({
            key: text,
            value: metricValue.default(0),
            timestamp,
            step: step.default(0),
            run_id: text.optional(),
            dataset_name: text.optional(),
            dataset_digest: text.optional(),
          }),
        )
        .default([]),
    })
    .default({ params: [], metrics: [] }),
});

/** Logged models, all that were asked for. */
export const loggedModelPageSchema = z.object({
  models: z.array(loggedModelSchema).max(1_000).default([]),
});

/** How many traces there are. */
export const traceCountSchema = z.object({
  data_points: z
    .array(z.object({ values: z.object({ COUNT: z.number().min(0) }) }))
    .max(1_000)
    .default([]),
});

/** A page of the values of a metric; without a token where all of it came. */
export const metricHistorySchema = z.object({
  metrics: z
    .array(
      z.object({
        value: metricValue.default(0),
        timestamp,
        step: step.default(0),
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
export type MlflowLoggedModel = z.infer<typeof loggedModelSchema>;
export type MlflowEndedRun = z.infer<
  typeof endedRunPageSchema
>['runs'][number]['info'];
export type MlflowRun = z.infer<typeof runSchema>;
export type MlflowWholeRun = z.infer<typeof wholeRunSchema>;
