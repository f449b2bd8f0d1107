import { z } from 'zod';
import { freezeWindow } from './freezeWindowSchema';
import {
  duration,
  idSchema,
  stageSchema,
  titleSchema,
  toleranceSchema,
} from './gateFields';

const DAY_SECONDS = 86_400;
const id = idSchema;
const title = titleSchema;

const slot = z.strictObject({
  role: id,
  minimum: z.int().min(1).max(10).default(1),
  reasonRequired: z.boolean().default(true),
});

const parameter = z.union([z.number(), z.string().max(200), z.boolean()]);

const gate = z.strictObject({
  id,
  title,
  description: z.string().max(2_000).optional(),
  stage: stageSchema,
  requires: z.array(z.string().max(100)).min(1).max(20),
  when: z.string().min(1),
  tolerance: toleranceSchema.optional(),
  maxAge: duration(1, 3_650).optional(),
  blocking: z.boolean().default(true),
  /** Of a gate that is judged by code, once it is put together; a file says `use` and `with`. */
  kind: z
    .strictObject({ id, parameters: z.record(z.string(), parameter) })
    .optional(),
});

const share = z.number().gt(0).max(100);
const samples = z.int().min(1).max(1_000_000);
const rolloutWindow = duration(1, 30);
const metrics = z
  .array(
    z.strictObject({
      name: z.enum([
        'error-rate',
        'latency',
        'score-shift',
        'score-ks',
        'score-psi',
      ]),
      margin: z.number().gt(0),
    }),
  )
  .min(1)
  .max(5);

/** What any rollout may have before traffic moves and after all of it has. */
const aroundTraffic = {
  shadow: z
    .strictObject({
      share: share.default(100),
      window: rolloutWindow,
      minimumSamples: samples,
      maxDisagreement: z.number().min(0).max(1),
      tolerance: z.number().min(0).max(1_000).optional(),
    })
    .optional(),
  keepPrevious: duration(0, 90).optional(),
  watch: duration(0, 30).optional(),
};

const rollout = z.discriminatedUnion('strategy', [
  z.strictObject({ strategy: z.literal('direct'), ...aroundTraffic }),
  z.strictObject({
    strategy: z.literal('canary'),
    ...aroundTraffic,
    steps: z
      .array(
        z.strictObject({
          share,
          window: rolloutWindow,
          minimumSamples: samples,
        }),
      )
      .min(2)
      .max(20),
    metrics,
  }),
  z.strictObject({
    strategy: z.literal('blue-green'),
    ...aroundTraffic,
    verify: z.strictObject({ window: rolloutWindow, minimumSamples: samples }),
    metrics,
  }),
]);

const waivers = z.strictObject({
  roles: z.array(id).min(1).max(10),
  longest: duration(1, 366),
});

const skipSteps = z.strictObject({ roles: z.array(id).min(1).max(10) });

const breakGlass = z.strictObject({
  role: id,
  reviewRole: id,
  reviewWithin: duration(1, 90),
});

const reminders = z
  .strictObject({
    every: duration(60, 30),
    escalateAfter: duration(60, 90).optional(),
    escalateTo: id.optional(),
  })
  .refine(
    given =>
      (given.escalateAfter === undefined) === (given.escalateTo === undefined),
    'needs escalateAfter and escalateTo, or none of both',
  );

const environment = z.strictObject({
  name: id,
  tier: z.enum(['development', 'testing', 'staging', 'production']),
  gates: z.array(id).max(100),
  approvals: z.array(slot).max(10).default([]),
  firstDeploymentApprovals: z.array(slot).max(10).default([]),
  rollout,
  soak: duration(0, 90).default(0),
  freezeWindows: z.array(freezeWindow).max(12).default([]),
  waivers: waivers.optional(),
  skipSteps: skipSteps.optional(),
  breakGlass: breakGlass.optional(),
  reminders: reminders.optional(),
  delegation: z.strictObject({ longest: duration(1, 90) }).optional(),
  expiresAfter: duration(60, 90).default(7 * DAY_SECONDS),
});

const groupRef = z
  .string()
  .max(200)
  .regex(
    /^group:[^:/\s]+\/[^:/\s]+$/,
    'must be the entity reference of a group, such as group:default/compliance-officers',
  );

const roles = z.record(
  id,
  z.strictObject({
    title,
    group: groupRef,
    outrankedBy: z.array(groupRef).max(20).default([]),
  }),
);

/** From the loosest to the strictest. */
export const FAULTY_DATA_RULES = [
  'notify',
  'revoke',
  'revoke-possible',
] as const;
const faultyData = z.enum(FAULTY_DATA_RULES);

const metadata = z.strictObject({ name: id, title });
const extended = z
  .string()
  .regex(
    /^(?:built-in\/)?[a-z0-9]+(?:-[a-z0-9]+)*$/,
    'must be the name of a policy, such as high-small or built-in/high-small',
  );
const risk = z.enum(['low', 'medium', 'high']);
const teamSize = z.enum(['small', 'medium', 'large']);
const head = {
  apiVersion: z.literal('slipway.dev/v1alpha1'),
  kind: z.literal('DeliveryPolicy'),
  metadata,
};

/** The form of a policy file that builds on nothing, and of one that builds on others once they are put together. */
export const policyFileSchema = z.strictObject({
  ...head,
  spec: z.strictObject({
    risk,
    teamSize: teamSize.optional(),
    roles: roles.default({}),
    gates: z.array(gate).max(100),
    environments: z.array(environment).min(2).max(10),
    faultyData: faultyData.default('revoke'),
  }),
});

/** A policy file as written, defaults filled in. */
export type PolicyFile = z.infer<typeof policyFileSchema>;

/** The form of a file that builds on another one, or that others build on: of what it names, it may say a part. */
export const partialPolicyFileSchema = z.strictObject({
  ...head,
  spec: z.strictObject({
    extends: extended.optional(),
    risk: risk.optional(),
    teamSize: teamSize.optional(),
    roles: roles.optional(),
    gates: z
      .array(
        gate
          .omit({ kind: true })
          .partial()
          .extend({
            id,
            tolerance: gate.shape.tolerance.nullable(),
            use: id.optional(),
            with: z.record(z.string().max(63), parameter).optional(),
          }),
      )
      .max(100)
      .optional(),
    environments: z
      .array(
        environment.partial().extend({
          name: id,
          approvals: z.array(slot).max(10).optional(),
          firstDeploymentApprovals: z.array(slot).max(10).optional(),
          waivers: waivers.nullish(),
          skipSteps: skipSteps.nullish(),
          breakGlass: breakGlass.nullish(),
          reminders: reminders.nullish(),
          delegation: environment.shape.delegation.nullable(),
        }),
      )
      .max(10)
      .optional(),
    faultyData: faultyData.optional(),
  }),
});

/** What a file that builds on another one may hold, as written. */
export type PartialPolicyFile = z.input<typeof partialPolicyFileSchema>;
