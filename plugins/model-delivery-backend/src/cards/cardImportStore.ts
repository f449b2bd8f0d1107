import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { Transaction } from '../database/UnitOfWork';
import { CardCompletion } from './readCardText';

/** A row of `card_imports`. */
interface CardImportRow {
  id: string;
  model_ref: string;
  version_id: string;
  format: string;
  content: string;
  digest: string;
  imported_by: string;
  imported_at: Date;
  position: number;
}

/** What was last imported for a version. */
export async function findCardImport(
  knex: Knex,
  versionId: string,
): Promise<{ content: CardCompletion; importedBy: string } | undefined> {
  const row = await knex<CardImportRow>('card_imports')
    .where({ version_id: versionId })
    .orderBy('position', 'desc')
    .first();
  return (
    row && { content: JSON.parse(row.content), importedBy: row.imported_by }
  );
}

/** Keeps what was imported; what was before stays on record, and no longer counts. */
export async function insertCardImport(
  tx: Transaction,
  imported: {
    modelRef: string;
    versionId: string;
    format: string;
    content: CardCompletion;
    digest: string;
    by: string;
  },
): Promise<void> {
  // Of two imports at once, the second waits here for the first.
  await tx
    .knex('versions')
    .where({ id: imported.versionId })
    .forNoKeyUpdate()
    .first('id');
  const last = await tx
    .knex<CardImportRow>('card_imports')
    .where({ version_id: imported.versionId })
    .orderBy('position', 'desc')
    .first('position');
  await tx.knex('card_imports').insert({
    id: randomUUID(),
    model_ref: imported.modelRef,
    version_id: imported.versionId,
    format: imported.format,
    content: JSON.stringify(imported.content),
    digest: imported.digest,
    imported_by: imported.by,
    imported_at: tx.now,
    position: (last?.position ?? 0) + 1,
  });
}
