import { z } from 'zod';

// Only what is used is demanded: the service adds fields, and leaves out what is empty.

const text = z.string().max(100_000);
const moment = z.iso
  .datetime({ offset: true })
  .transform(each => new Date(each));

/** A version of a model; in the list of models the default one. */
export const modelSchema = z.object({
  name: z.string().regex(/\/models\/[^/]+$/, 'is not the name of a model'),
  versionId: text.min(1),
  versionAliases: z.array(text).default([]),
  versionCreateTime: moment,
  versionUpdateTime: moment,
  updateTime: moment,
  displayName: text.optional(),
  description: text.optional(),
  versionDescription: text.optional(),
  labels: z.record(text, text).default({}),
  artifactUri: text.optional(),
  pipelineJob: text.optional(),
  trainingPipeline: text.optional(),
  containerSpec: z.object({ imageUri: text.optional() }).optional(),
  modelSourceInfo: z.object({ sourceType: text.optional() }).optional(),
  baseModelSource: z
    .object({
      modelGardenSource: z
        .object({ publicModelName: text.optional() })
        .optional(),
      genieSource: z.object({ baseModelUri: text.optional() }).optional(),
    })
    .optional(),
});

/** A page of models, or of the versions of one. */
export const modelPageSchema = z.object({
  models: z.array(modelSchema).max(1_000).default([]),
  nextPageToken: z.string().max(10_000).optional(),
});

export type VertexModel = z.infer<typeof modelSchema>;
