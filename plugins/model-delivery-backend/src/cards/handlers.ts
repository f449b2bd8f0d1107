import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { CardImports } from './CardImports';
import { CardsService } from './CardsService';
import { writeCard } from './formats/formats';

/** Answers the operations on model cards. */
export function createCardHandlers(
  cards: CardsService,
  imports: CardImports,
): Pick<
  Handlers,
  'getModelCard' | 'diffModelCards' | 'exportModelCard' | 'importModelCard'
> {
  return {
    getModelCard: async ({ path, query, principal }) => ({
      status: 200,
      body: await cards.view(principal, modelRefOf(path), query.version),
    }),
    diffModelCards: async ({ path, query, principal }) => ({
      status: 200,
      body: await cards.diff(principal, modelRefOf(path), query),
    }),
    exportModelCard: async ({ path, query, principal }) => {
      const { card } = await cards.compose(
        principal,
        modelRefOf(path),
        query.version,
      );
      return { status: 200, file: await writeCard(card, query.format) };
    },
    importModelCard: async ({ path, body, principal }) => {
      const imported = await imports.import(principal, modelRefOf(path), body);
      return { status: imported.kept ? 201 : 200, body: imported };
    },
  };
}
