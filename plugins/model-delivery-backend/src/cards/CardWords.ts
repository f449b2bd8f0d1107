import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { EngineContext } from '../context';
import { Transaction } from '../database/UnitOfWork';
import { toCatalogColumns } from '../models/modelProjection';
import { digestOf } from '../policies/digest';
import {
  CardWordsRow,
  findDueWords,
  findShownImport,
  saveStated,
  saveWritten,
} from './cardWordsStore';
import { statedWords, writtenWords } from './cardWordsText';
import { CardTexts } from './CardTexts';

/** Texts looked for at a time: repositories let a portal ask some thousand times an hour. */
const AT_A_TIME = 10;

type Due = Pick<CardWordsRow, 'model_ref' | 'written' | 'read_as'>;

/** Keeps the words of model cards, so that they are found: those of the catalog at once, those of repositories by turns. */
export class CardWords {
  readonly #context: EngineContext;
  readonly #texts: CardTexts;

  constructor(context: EngineContext) {
    this.#context = context;
    this.#texts = new CardTexts(context);
  }

  /** Notes what the catalog says of some models by now. */
  async noteStated(tx: Transaction, entities: Entity[]): Promise<void> {
    await saveStated(
      tx.knex,
      entities.map(entity => {
        const { ref, title, owner, lifecycle, risk } = toCatalogColumns(entity);
        const stated = statedWords(entity);
        return {
          model_ref: ref,
          stated,
          stated_digest: digestOf({ title, owner, lifecycle, risk, stated }),
        };
      }),
      tx.now,
    );
  }

  /** Looks for some texts that were not looked for in a while. Call it now and then. */
  async look(): Promise<void> {
    const { work, config, catalog, auth } = this.#context;
    const due = await findDueWords(
      work.knex,
      new Date(work.now().getTime() - config.cards.indexIntervalMs),
      AT_A_TIME,
    );
    if (due.length === 0) {
      return;
    }
    const { items } = await catalog.getEntitiesByRefs(
      { entityRefs: due.map(({ model_ref }) => model_ref) },
      { credentials: await auth.getOwnServiceCredentials() },
    );
    const entities = new Map(
      items.flatMap(each => (each ? [[stringifyEntityRef(each), each]] : [])),
    );
    await Promise.all(
      due.map(each => this.#lookFor(each, entities.get(each.model_ref))),
    );
  }

  async #lookFor(due: Due, entity: Entity | undefined): Promise<void> {
    const { work } = this.#context;
    const found =
      entity &&
      (await this.#texts.readAnew(
        entity,
        due.read_as === null ? undefined : JSON.parse(due.read_as),
      ));
    const at = work.now();
    if (!found) {
      await saveWritten(work.knex, due.model_ref, {}, at);
      return;
    }
    const completion =
      found.status.state === 'none'
        ? await findShownImport(work.knex, due.model_ref)
        : found.completion;
    const written = completion ? writtenWords(completion) : '';
    await saveWritten(
      work.knex,
      due.model_ref,
      {
        read_as: found.readAs ? JSON.stringify(found.readAs) : null,
        ...(written !== due.written && { written, changed_at: at }),
      },
      at,
    );
  }
}
