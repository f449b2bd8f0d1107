import { z } from 'zod';

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** A length of time such as `90s`, `10m`, `72h` or `30d`, between two numbers of seconds; read as seconds. */
export const duration = (least: number, mostDays: number) =>
  z
    .string()
    .regex(/^\d{1,6}[smhd]$/, 'must be a length of time such as 90s, 10m or 7d')
    .transform(
      text =>
        Number(text.slice(0, -1)) *
        SECONDS[text.at(-1) as keyof typeof SECONDS],
    )
    .refine(seconds => seconds >= least, `must be at least ${least}s`)
    .refine(
      seconds => seconds <= mostDays * SECONDS.d,
      `must be at most ${mostDays}d`,
    );

/** A name within a policy. */
export const idSchema = z
  .string()
  .max(63)
  .regex(
    /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
    'must be lower-case words joined by hyphens',
  );

/** What people read. */
export const titleSchema = z.string().min(1).max(200);

/** Stages by which gates are grouped. */
export const stageSchema = z.enum([
  'code-validation',
  'data-validation',
  'training',
  'evaluation',
  'registration',
  'staging-validation',
  'production-deployment',
]);

/** How a gate treats a difference that may be chance. */
export const toleranceSchema = z.strictObject({
  metric: z.string().regex(/^[a-z][a-z0-9_]*$/),
  method: z.literal('bootstrap-overlap'),
  against: z.enum(['production', 'training']).optional(),
});
