import { z } from 'zod';

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** A length of time such as `90s`, `10m`, `72h` or `30d`; read as seconds. */
const duration = z
  .string()
  .regex(/^\d{1,6}[smhd]$/, 'must be a length of time such as 90s, 10m or 7d')
  .transform(
    text =>
      Number(text.slice(0, -1)) * SECONDS[text.at(-1) as keyof typeof SECONDS],
  );

const id = z
  .string()
  .max(63)
  .regex(
    /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
    'must be lower-case words joined by hyphens',
  );
const title = z.string().min(1).max(200);

const slot = z.strictObject({
  role: id,
  minimum: z.int().min(1).max(10).default(1),
  reasonRequired: z.boolean().default(true),
});

const gate = z.strictObject({
  id,
  title,
  description: z.string().max(2_000).optional(),
  stage: z.enum([
    'code-validation',
    'data-validation',
    'training',
    'evaluation',
    'registration',
    'staging-validation',
    'production-deployment',
  ]),
  requires: z.array(z.string().max(100)).min(1).max(20),
  when: z.string().min(1),
  tolerance: z
    .strictObject({
      metric: z.string().regex(/^[a-z][a-z0-9_]*$/),
      method: z.literal('bootstrap-overlap'),
    })
    .optional(),
  maxAge: duration.optional(),
  blocking: z.boolean().default(true),
});

const rollout = z.discriminatedUnion('strategy', [
  z.strictObject({ strategy: z.literal('direct') }),
  z.strictObject({
    strategy: z.literal('canary'),
    steps: z
      .array(
        z.strictObject({
          share: z.number().gt(0).max(100),
          window: duration,
          minimumSamples: z.int().min(1).max(1_000_000),
        }),
      )
      .min(2)
      .max(20),
    metrics: z
      .array(
        z.strictObject({
          name: z.enum(['error-rate', 'latency']),
          margin: z.number().gt(0),
        }),
      )
      .min(1)
      .max(2),
  }),
]);

const environment = z.strictObject({
  name: id,
  tier: z.enum(['development', 'testing', 'staging', 'production']),
  gates: z.array(id).max(100),
  approvals: z.array(slot).max(10).default([]),
  firstDeploymentApprovals: z.array(slot).max(10).default([]),
  rollout,
  expiresAfter: duration.default(7 * SECONDS.d),
});

/** The form of a policy file. */
export const policyFileSchema = z.strictObject({
  apiVersion: z.literal('slipway.dev/v1alpha1'),
  kind: z.literal('DeliveryPolicy'),
  metadata: z.strictObject({ name: id, title }),
  spec: z.strictObject({
    risk: z.enum(['low', 'medium', 'high']),
    roles: z
      .record(
        id,
        z.strictObject({
          title,
          group: z
            .string()
            .regex(
              /^group:[^:/\s]+\/[^:/\s]+$/,
              'must be the entity reference of a group, such as group:default/compliance-officers',
            ),
        }),
      )
      .default({}),
    gates: z.array(gate).max(100),
    environments: z.array(environment).min(2).max(10),
  }),
});

/** A policy file as written, defaults filled in. */
export type PolicyFile = z.infer<typeof policyFileSchema>;
