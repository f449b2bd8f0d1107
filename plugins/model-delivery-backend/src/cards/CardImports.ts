import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import {
  CardImport,
  cardImportPermission,
  CardImportRequest,
  ModelCard,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Principal } from '../access/principal';
import { EngineContext } from '../context';
import { ModelsService } from '../models/ModelsService';
import { digestOf } from '../policies/digest';
import { insertCardImport } from './cardImportStore';
import { makeWordsDue } from './cardWordsStore';
import { CardsService } from './CardsService';
import { readCard } from './formats/formats';
import { toCompletion } from './toCompletion';

/** Takes in cards that were written elsewhere. */
export class CardImports {
  readonly #context: Pick<EngineContext, 'work'>;
  readonly #models: ModelsService;
  readonly #cards: CardsService;

  constructor(
    context: Pick<EngineContext, 'work'>,
    services: { models: ModelsService; cards: CardsService },
  ) {
    this.#context = context;
    this.#models = services.models;
    this.#cards = services.cards;
  }

  /**
   * Reads a card from a file and keeps its words for a version whose repository has none; only says what the file holds when
   * asked for that.
   * @throws InputError for a file that cannot be read, ConflictError where the repository has a text, NotFoundError without
   * a version, NotAllowedError
   */
  async import(
    principal: Principal,
    modelRef: string,
    request: CardImportRequest,
  ): Promise<CardImport> {
    const model = await this.#models.requireFor(
      principal,
      cardImportPermission,
      modelRef,
    );
    if (!principal.isUser) {
      throw new NotAllowedError('Only people import the text of a card');
    }
    const { version, text } = await this.#cards.compose(
      principal,
      model.ref,
      request.version,
    );
    const { card, exact } = await readCard(request.format, request.content);
    const notes = notesOn(card, exact, model.ref);
    if (request.dryRun) {
      return { card, exact, kept: false, version: null, notes };
    }
    if (!version) {
      throw new NotFoundError(
        `${model.ref} has no version yet whose card could be completed`,
      );
    }
    if (text.state !== 'none' && text.state !== 'imported') {
      throw new ConflictError(
        `The text of this card is ${
          text.location ?? 'in the model’s repository'
        }; change it there`,
      );
    }
    const content = toCompletion(card);
    const digest = digestOf({ content: request.content });
    await this.#context.work.run(async tx => {
      await insertCardImport(tx, {
        modelRef: model.ref,
        versionId: version.id,
        format: request.format,
        content,
        digest,
        by: principal.ref,
      });
      await makeWordsDue(tx.knex, model.ref);
      tx.record({
        actor: principal.ref,
        action: 'card.imported',
        model: model.ref,
        subject: `${model.ref}@${version.name}`,
        summary: `The card of ${model.ref} ${version.name} was completed from a file (${request.format})`,
        details: {
          version: version.name,
          format: request.format,
          digest,
          sections: content.sections.map(each => each.title),
        },
      });
      tx.publish({ topic: 'signal.model', payload: { model: model.ref } });
    });
    return { card, exact, kept: true, version: version.name, notes };
  }
}

function notesOn(card: ModelCard, exact: boolean, ref: string): string[] {
  const measured = card.sections.some(each => each.measurements.length > 0);
  return [
    ...(measured
      ? [
          'The numbers in the file are shown here and not kept: evaluations come from pipelines.',
        ]
      : []),
    ...(exact && card.model !== ref
      ? [`The file is the card of ${card.model}.`]
      : []),
    ...(exact
      ? []
      : ['The file is not as Slipway exports it; its own words were read.']),
  ];
}
