import { z } from 'zod';

// The published schema decides whether a BOM is right; this only says which part of it is read.

const text = z.string();
const named = z.object({ name: text });

/** A component of a BOM, as far as a model goes. */
export const componentSchema = z.object({
  type: text,
  'bom-ref': text.optional(),
  group: text.optional(),
  name: text,
  description: text.optional(),
  tags: z.array(text).default([]),
  licenses: z
    .array(
      z.object({
        license: z
          .object({ id: text.optional(), name: text.optional() })
          .optional(),
        expression: text.optional(),
      }),
    )
    .default([]),
  externalReferences: z.array(z.object({ type: text, url: text })).default([]),
  pedigree: z.object({ ancestors: z.array(named).default([]) }).optional(),
  properties: z
    .array(z.object({ name: text, value: text.optional() }))
    .default([]),
  modelCard: z
    .object({
      modelParameters: z
        .object({
          task: text.optional(),
          architectureFamily: text.optional(),
          modelArchitecture: text.optional(),
          datasets: z
            .array(z.object({ ref: text.optional(), name: text.optional() }))
            .default([]),
        })
        .optional(),
      considerations: z
        .object({ useCases: z.array(text).default([]) })
        .optional(),
    })
    .optional(),
});

/** A component of a BOM, as far as a model goes. */
export type BomComponent = z.infer<typeof componentSchema>;
