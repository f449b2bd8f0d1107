import { InputError } from '@backstage/errors';
import { VersionRegistration } from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { createHash } from 'node:crypto';
import { Transaction } from '../database/UnitOfWork';

const TABLE = 'configuration_texts';

/**
 * Checks that each text is that of a part of the configuration, by its digest: a text that anybody could have made up is
 * of no use.
 * @throws InputError naming the path of what is wrong.
 */
export function checkTexts(registration: VersionRegistration): void {
  registration.configurationTexts?.forEach(({ name, text }, index) => {
    const path = `request/body/configurationTexts/${index}`;
    const part = registration.parts.configuration.find(
      each => each.name === name,
    );
    if (!part) {
      throw new InputError(
        `${path}/name is ${name}, which request/body/parts/configuration does not name`,
      );
    }
    const digest = digestOfText(text);
    if (part.digest !== digest) {
      throw new InputError(
        `${path}/text has the SHA-256 ${digest}, but request/body/parts/configuration names ${part.digest} for ${name}`,
      );
    }
    if (text.includes('\u0000')) {
      // PostgreSQL cannot hold it
      throw new InputError(`${path}/text contains the character NUL`);
    }
  });
}

/** Keeps the texts of a registration, unless they are kept already. */
export async function saveTexts(
  tx: Transaction,
  modelRef: string,
  { configurationTexts = [] }: VersionRegistration,
): Promise<void> {
  for (const { text } of configurationTexts) {
    await tx
      .knex(TABLE)
      .insert({
        model_ref: modelRef,
        digest: digestOfText(text),
        text,
        reported_at: tx.now,
      })
      .onConflict(['model_ref', 'digest'])
      .ignore();
  }
}

/** The texts that were reported of a model, by those of the digests that they are known of. */
export async function findTexts(
  knex: Knex,
  modelRef: string,
  digests: string[],
): Promise<Map<string, string>> {
  const rows: { digest: string; text: string }[] = await knex(TABLE)
    .where({ model_ref: modelRef })
    .whereIn('digest', [...new Set(digests)])
    .select('digest', 'text');
  return new Map(rows.map(row => [row.digest, row.text]));
}

function digestOfText(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
