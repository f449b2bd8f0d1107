import {
  RegistryMetricHistory,
  RegistryTraces,
  RegistryVersion,
} from '@slipway/backstage-plugin-model-delivery-node';
import { z } from 'zod';

const text = z.record(z.string(), z.string());
const moment = z
  .date()
  .refine(value => !Number.isNaN(value.getTime()), 'is not a moment');

const metrics = z.record(
  z.string(),
  z.union([z.number(), z.nan(), infinity()]),
);

const confusionSchema = z
  .object({
    labels: z.array(z.string().min(1).max(255)).min(2).max(20),
    counts: z.array(z.array(z.int().min(0))),
  })
  .refine(
    ({ labels, counts }) =>
      new Set(labels).size === labels.length &&
      [counts, ...counts].every(each => each.length === labels.length),
    'needs a row for each label, and in it a count for each of them',
  );

const evaluationSchema = z.object({
  runId: z.string().optional(),
  dataset: z
    .object({ name: z.string(), digest: z.string().optional() })
    .optional(),
  onTrainingData: z.boolean(),
  measuredAt: moment,
  metrics,
  higherIsBetter: z.record(z.string(), z.boolean()).optional(),
  confusionMatrix: confusionSchema.optional(),
});

const versionSchema = z.object({
  model: z.string().min(1),
  version: z.string().min(1),
  uri: z.string().min(1),
  url: z.string().optional(),
  runId: z.string().optional(),
  aliases: z.array(z.string()),
  tags: text,
  parameters: text,
  metrics,
  datasets: z.array(
    z.object({
      name: z.string(),
      digest: z.string(),
      context: z.string().optional(),
    }),
  ),
  loggedModel: z
    .object({
      id: z.string().min(1).max(255),
      url: z.string().optional(),
      state: z.enum(['read', 'missing', 'failed']),
      problem: z.string().optional(),
    })
    .optional(),
  evaluations: z.array(evaluationSchema).max(100).optional(),
  user: z.string().optional(),
  createdAt: moment,
  updatedAt: moment,
});

const versionsSchema = z.array(versionSchema);

const historiesSchema = z
  .array(
    z.object({
      metric: z.string(),
      points: z
        .array(
          z.object({
            step: z.number().int(),
            at: moment,
            value: z.union([z.number(), z.nan(), infinity()]),
          }),
        )
        .max(100_000),
      sampled: z.boolean(),
    }),
  )
  .max(100);

const tracesSchema = z
  .object({
    count: z.number().int().min(0),
    url: z.string().optional(),
  })
  .optional();

const changesSchema = z.object({
  versions: versionsSchema,
  cursor: z.string(),
  importing: z.object({ reached: moment.optional() }).optional(),
  complete: z.boolean().optional(),
});

function infinity() {
  return z.custom<number>(
    value => value === Infinity || value === -Infinity,
    'is not a number',
  );
}

/**
 * Checks one page of a registry, whole: what a module hands over came from elsewhere. Of a version told twice, the last
 * one counts; metrics that are no finite number are left out, since neither JSON nor a gate has a use for them.
 * @throws Error naming the path of what is malformed.
 */
export function checkChanges(changes: unknown): {
  versions: RegistryVersion[];
  cursor: string;
  importing?: { reached?: Date };
  complete?: boolean;
} {
  const { versions, ...page } = check(changesSchema, changes);
  return { ...page, versions: cleaned(versions) };
}

/**
 * Checks versions that were asked for, as `checkChanges` does.
 * @throws Error naming the path of what is malformed.
 */
export function checkVersions(versions: unknown): RegistryVersion[] {
  return cleaned(check(versionsSchema, versions));
}

/**
 * Checks histories of metrics that were asked for.
 * @throws Error naming the path of what is malformed.
 */
export function checkMetricHistories(
  histories: unknown,
): RegistryMetricHistory[] {
  return check(historiesSchema, histories);
}

/**
 * Checks a count of traces that was asked for.
 * @throws Error naming the path of what is malformed.
 */
export function checkTraces(traces: unknown): RegistryTraces | undefined {
  return check(tracesSchema, traces);
}

function check<T extends z.ZodType>(schema: T, answer: unknown): z.infer<T> {
  const result = schema.safeParse(answer);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new Error(
      `The registry's answer is malformed at ${issue.path.join('.')}: ${
        issue.message
      }`,
    );
  }
  return result.data;
}

function cleaned(versions: RegistryVersion[]): RegistryVersion[] {
  const byKey = new Map<string, RegistryVersion>();
  for (const version of versions) {
    byKey.set(JSON.stringify([version.model, version.version]), {
      ...withFinite(version),
      ...(version.evaluations && {
        evaluations: version.evaluations.map(withFinite),
      }),
    });
  }
  return [...byKey.values()];
}

function withFinite<T extends { metrics: Record<string, number> }>(of: T): T {
  return {
    ...of,
    metrics: Object.fromEntries(
      Object.entries(of.metrics).filter(([, value]) => Number.isFinite(value)),
    ),
  };
}
