import { GateParameterSchema } from '@slipway/backstage-plugin-model-delivery-node';
import { z } from 'zod';
import {
  duration,
  idSchema,
  stageSchema,
  titleSchema,
} from '../../policies/gateFields';

const scalar = z.union([z.number(), z.string().max(200), z.boolean()]);

const parameter = z
  .strictObject({
    type: z.enum(['number', 'integer', 'string', 'boolean']),
    description: z.string().min(1).max(300),
    default: scalar.optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    exclusiveMinimum: z.number().optional(),
    exclusiveMaximum: z.number().optional(),
    pattern: z.string().max(200).optional(),
    enum: z.array(z.string().max(100)).min(1).max(100).optional(),
    unit: z.string().max(20).optional(),
  })
  .refine(
    given =>
      given.type !== 'string' ||
      given.pattern !== undefined ||
      given.enum !== undefined,
    'needs a pattern or an enum',
  );

const template = z.string().min(1).max(1_000);
const facts = z.array(z.string().max(200)).max(20);

const base = {
  id: idSchema,
  title: titleSchema,
  description: z.string().max(2_000).optional(),
  stage: stageSchema,
  parameters: z
    .record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), parameter)
    .default({}),
  requires: facts.min(1),
  maxAge: z
    .string()
    .refine(
      text => duration(1, 3_650).safeParse(text).success,
      'must be a length of time such as 12h or 30d',
    )
    .optional(),
  evidence: z.record(z.string(), z.string().min(1).max(300)).default({}),
};

/** The form of a kind that is a condition. */
export const conditionKindSchema = z.strictObject({
  ...base,
  when: template,
  tolerance: z
    .strictObject({
      metric: z.string(),
      method: z.literal('bootstrap-overlap'),
      against: z.enum(['production', 'training']).optional(),
    })
    .optional(),
});

const codeOf = <F>() =>
  z.custom<F>(value => typeof value === 'function', 'must be a function');

/** The form of a kind that judges by code. */
export const judgingKindSchema = z.strictObject({
  ...base,
  reads: facts.default([]),
  judge: codeOf<(question: never) => unknown>(),
  isAtLeastAsStrict: codeOf<(one: never, other: never) => unknown>().optional(),
});

/** The form of a file of kinds that come with the engine: of one stage, each a condition. */
export const kindFileSchema = z.strictObject({
  stage: stageSchema,
  gates: z
    .array(conditionKindSchema.omit({ stage: true }))
    .min(1)
    .max(100),
});

/** What the parameters of a gate have to be: nothing that is not declared, and each as declared. */
export function parameterSchema(
  parameters: Readonly<Record<string, GateParameterSchema>>,
): z.ZodType<Record<string, number | string | boolean>> {
  const properties = Object.fromEntries(
    Object.entries(parameters).map(([name, { pattern, unit: _, ...rest }]) => [
      name,
      // A pattern of JSON Schema matches anywhere
      {
        ...rest,
        ...(pattern !== undefined && { pattern: `^(?:${pattern})$` }),
      },
    ]),
  );
  return z.fromJSONSchema({
    type: 'object',
    additionalProperties: false,
    properties,
    required: Object.entries(parameters).flatMap(([name, each]) =>
      each.default === undefined ? [name] : [],
    ),
  }) as z.ZodType<Record<string, number | string | boolean>>;
}
