import { parseRegistryCursor } from '@slipway/backstage-plugin-model-delivery-node';
import { z } from 'zod';

const moment = z.number().int().min(0);

const schema = z.discriminatedUnion('mode', [
  z.object({
    v: z.literal(1),
    /** Everything is being read, by the time of its creation. */
    mode: z.literal('import'),
    /** Where to go on; absent at the very beginning. */
    nextToken: z.string().optional(),
    /** Creation of the newest version that was read. Milliseconds since 1970. */
    reached: moment,
    /** Creation of the newest version when the import began: changes since then are to be followed after it. */
    began: moment,
  }),
  z.object({
    v: z.literal(1),
    /** Only what is new or changed is read. */
    mode: z.literal('follow'),
    /** Creation of the newest version that was read. Milliseconds since 1970. */
    created: moment,
    /** Newest change that was read. Milliseconds since 1970. */
    modified: moment,
    /** When everything was last read, by this machine's clock. Milliseconds since 1970. */
    importedAt: moment,
  }),
]);

/** How far a registry was read. */
export type ReadingCursor = z.infer<typeof schema>;
export type ImportCursor = Extract<ReadingCursor, { mode: 'import' }>;
export type FollowCursor = Extract<ReadingCursor, { mode: 'follow' }>;

/** `undefined` for what this version did not write: everything is read again then. */
export function parseCursor(
  text: string | undefined,
): ReadingCursor | undefined {
  return parseRegistryCursor(text, schema);
}
