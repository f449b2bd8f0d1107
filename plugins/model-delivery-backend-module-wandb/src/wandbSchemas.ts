import { z } from 'zod';

// Only what is used is demanded. Most fields of the API may be null.

const text = z.string().max(100_000);
/** JSON that people and runs wrote, in a string. */
const json = z.string().max(8_000_000).nullish();
const moment = z.iso
  .datetime({ offset: true, local: true })
  // Without a zone it is UTC
  .transform(
    each => new Date(/Z$|[+-]\d\d:?\d\d$/.test(each) ? each : `${each}Z`),
  );

function edges<T extends z.ZodType>(node: T, most: number) {
  return z
    .array(z.object({ node: node.nullable() }))
    .max(most, `has more than ${most} entries`)
    .transform(all =>
      // Of an object of a generic schema TypeScript does not know the fields
      (all as { node: z.output<T> | null }[]).flatMap(({ node: each }) =>
        each === null ? [] : [each as z.output<T>],
      ),
    );
}

function page<T extends z.ZodType>(node: T, most: number) {
  return z.object({
    pageInfo: z
      .object({
        hasNextPage: z.boolean(),
        endCursor: z.string().max(10_000).nullish(),
      })
      .refine(
        ({ hasNextPage, endCursor }) => !hasNextPage || endCursor,
        'says that there is more, and not where',
      ),
    edges: edges(node, most),
  });
}

const tags = z
  .object({ edges: edges(z.object({ name: text }), 1_000) })
  .transform(found => found.edges.map(({ name }) => name).sort());
/** Names of versions count as aliases there. */
const aliases = z
  .array(z.object({ alias: text }))
  .max(1_000)
  .transform(all =>
    all
      .map(({ alias }) => alias)
      .filter(alias => !/^v\d+$/.test(alias))
      .sort(),
  );
const membership = z.object({
  versionIndex: z.number().int().min(0).nullable(),
  createdAt: moment,
  aliases,
});

const headSchema = z.object({
  name: text.min(1),
  description: text.nullish(),
  createdAt: moment,
  updatedAt: moment.nullish(),
  tags,
  artifacts: z.object({ totalCount: z.number() }).nullish(),
  artifactMemberships: z.object({
    edges: edges(
      membership.extend({
        artifact: z
          .object({ state: text, updatedAt: moment.nullish() })
          .nullable(),
      }),
      100,
    ),
  }),
});

const runSchema = z.object({
  __typename: z.literal('Run'),
  name: text,
  commit: text.nullish(),
  config: json,
  summaryMetrics: json,
  user: z.object({ username: text.nullish() }).nullish(),
  project: z.object({ name: text, entityName: text }).nullish(),
  inputArtifacts: z
    .object({
      edges: edges(
        z.object({
          digest: text,
          artifactType: z.object({ name: text }),
          artifactSequence: z.object({ name: text }),
        }),
        100,
      ),
    })
    .nullish(),
});

const artifactSchema = z.object({
  digest: text,
  state: text,
  description: text.nullish(),
  metadata: json,
  createdAt: moment,
  updatedAt: moment.nullish(),
  versionIndex: z.number().int().nullish(),
  tags: z
    .array(z.object({ name: text }))
    .max(1_000)
    .nullish(),
  artifactSequence: z
    .object({
      name: text,
      project: z.object({ name: text, entityName: text }).nullish(),
    })
    .nullish(),
  createdBy: z
    .union([
      runSchema,
      z.object({
        __typename: z.literal('User'),
        username: text.nullish(),
      }),
    ])
    .nullish(),
});

const membershipSchema = membership.extend({
  artifact: artifactSchema.nullable(),
});

/** What a project is asked for lies in the artifacts of one type. */
function inType<T extends z.ZodRawShape>(shape: T) {
  return z.object({
    project: z.object({ artifactType: z.object(shape).nullable() }).nullable(),
  });
}

export const modelsSchema = inType({
  artifactCollections: page(headSchema, 500),
});

const collectionSchema = z.object({
  description: text.nullish(),
  tags,
  artifactMemberships: page(membershipSchema, 500),
});

export const versionsSchema = inType({
  artifactCollection: collectionSchema.nullable(),
});

export const versionSchema = inType({
  artifactCollection: z
    .object({
      artifactMembership: z
        .object({
          versionIndex: z.number().int().nullable(),
          artifact: z.object({ id: text }).nullable(),
        })
        .nullable(),
    })
    .nullable(),
});

export const addAliasesSchema = z.object({
  addAliases: z.object({ success: z.boolean() }).nullable(),
});

/** What GraphQL answers everything with. */
export const answerSchema = z.object({
  data: z.unknown(),
  errors: z.array(z.object({ message: z.string() })).nullish(),
});

export type WandbHead = z.infer<typeof headSchema>;
export type WandbCollection = Omit<
  z.infer<typeof collectionSchema>,
  'artifactMemberships'
>;
export type WandbMembership = z.infer<typeof membershipSchema>;
