import { parseRegistryCursor } from '@slipway/backstage-plugin-model-delivery-node';
import { z } from 'zod';

const schema = z.discriminatedUnion('mode', [
  z.object({
    v: z.literal(1),
    /** Everything is being read, in an order that changes do not disturb. */
    mode: z.literal('import'),
    /** Where to go on; absent at the very beginning. */
    pageToken: z.string().optional(),
    /** Newest change when the import began: what is newer is to be followed after it. Milliseconds since 1970. */
    newest: z.number().int().min(0),
    /** Up to which end of a run evaluations were looked for; absent where nobody looked yet. Milliseconds since 1970. */
    evaluated: z.number().int().min(0).optional(),
  }),
  z.object({
    v: z.literal(1),
    /** Only what changed is read. */
    mode: z.literal('follow'),
    /** Newest change that was read. Milliseconds since 1970. */
    newest: z.number().int().min(0),
    /** When everything was last read, by this machine's clock. Milliseconds since 1970. */
    importedAt: z.number().int().min(0),
    /** Up to which end of a run evaluations were looked for; absent where nobody looked yet. Milliseconds since 1970. */
    evaluated: z.number().int().min(0).optional(),
  }),
]);

/** How far a registry was read. */
export type ReadingCursor = z.infer<typeof schema>;

/** While everything is read. */
export type ImportCursor = Extract<ReadingCursor, { mode: 'import' }>;
/** While changes are read. */
export type FollowCursor = Extract<ReadingCursor, { mode: 'follow' }>;

/** As the engine keeps it. */
export function formatCursor(cursor: ReadingCursor): string {
  return JSON.stringify(cursor);
}

/** `undefined` for what this version did not write: everything is read again then. */
export function parseCursor(
  text: string | undefined,
): ReadingCursor | undefined {
  return parseRegistryCursor(text, schema);
}
