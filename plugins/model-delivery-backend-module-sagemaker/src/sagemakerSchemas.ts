import { z } from 'zod';

// Only what is used is demanded: the service adds fields, and leaves out what a version does not have.

const text = z.string().max(100_000);
const moment = z
  .date()
  .refine(value => !Number.isNaN(value.getTime()), 'is not a moment');

/** A file in S3 that holds measurements. */
const source = z.object({ S3Uri: text.optional() }).optional();

/** A version as the lists tell it. */
export const summarySchema = z.object({
  ModelPackageArn: text,
  CreationTime: moment,
});

/** A page of versions. */
export const summaryPageSchema = z.object({
  ModelPackageSummaryList: z.array(summarySchema).max(100),
  NextToken: z.string().max(10_000).nullish(),
});

/** A version of a model: what SageMaker calls a model package that belongs to a group. */
export const modelPackageSchema = z.object({
  ModelPackageArn: text,
  ModelPackageGroupName: text.optional(),
  ModelPackageVersion: z.number().int().optional(),
  ModelPackageDescription: text.nullish(),
  CreationTime: moment,
  LastModifiedTime: moment.nullish(),
  CreatedBy: z
    .object({
      UserProfileName: text.optional(),
      IamIdentity: z
        .object({ Arn: text.optional(), SourceIdentity: text.optional() })
        .optional(),
    })
    .nullish(),
  ModelPackageStatus: text.nullish(),
  ModelApprovalStatus: text.nullish(),
  ModelLifeCycle: z
    .object({ Stage: text.optional(), StageStatus: text.optional() })
    .nullish(),
  MetadataProperties: z
    .object({
      CommitId: text.optional(),
      Repository: text.optional(),
      GeneratedBy: text.optional(),
      ProjectId: text.optional(),
    })
    .nullish(),
  InferenceSpecification: z
    .object({
      Containers: z
        .array(
          z.object({
            Image: text.optional(),
            ImageDigest: text.optional(),
            ModelDataUrl: text.optional(),
            Framework: text.optional(),
            FrameworkVersion: text.optional(),
          }),
        )
        .max(100)
        .optional(),
    })
    .nullish(),
  ModelMetrics: z
    .object({
      ModelQuality: z
        .object({ Statistics: source, Constraints: source })
        .optional(),
      ModelDataQuality: z
        .object({ Statistics: source, Constraints: source })
        .optional(),
      Bias: z
        .object({
          Report: source,
          PreTrainingReport: source,
          PostTrainingReport: source,
        })
        .optional(),
      Explainability: z.object({ Report: source }).optional(),
    })
    .nullish(),
  CustomerMetadataProperties: z.record(text, text).nullish(),
  Domain: text.nullish(),
  Task: text.nullish(),
  SourceUri: text.nullish(),
});

/** A page of what a search for changes found. */
export const searchPageSchema = z.object({
  Results: z
    .array(z.object({ ModelPackage: modelPackageSchema.optional() }))
    .max(100)
    .default([]),
  NextToken: z.string().max(10_000).nullish(),
});

/** A group of versions: a model. */
export const groupSchema = z.object({ ModelPackageGroupArn: text });

/** A page of the tags of a group. */
export const tagsPageSchema = z.object({
  Tags: z
    .array(z.object({ Key: text, Value: text }))
    .max(1_000)
    .default([]),
  NextToken: z.string().max(10_000).nullish(),
});

export type ModelPackageSummary = z.infer<typeof summarySchema>;
export type ModelPackage = z.infer<typeof modelPackageSchema>;
