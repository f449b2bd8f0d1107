import {
  CardMeasurement,
  CardSection,
  ModelCard,
} from '@slipway/backstage-plugin-model-delivery-common';
import { SECTIONS } from '../sections';

/** A card that is put together from a file in which nothing says that Slipway wrote it. */
export class CardDraft {
  readonly #sections = new Map<string, CardSection>(
    SECTIONS.map(({ id, title }) => [
      id,
      { id, title, facts: [], measurements: [], texts: [] },
    ]),
  );
  #further = 0;

  addFact(section: string, label: string, text: unknown): void {
    if (typeof text === 'string' && text.trim() !== '') {
      this.#of(section).facts.push({
        label,
        text: text.trim(),
        source: 'import',
      });
    }
  }

  addMeasurement(measurement: CardMeasurement): void {
    this.#of('evaluations').measurements.push(measurement);
  }

  addText(section: string, markdown: unknown): void {
    if (typeof markdown === 'string' && markdown.trim() !== '') {
      this.#of(section).texts.push({ markdown, source: 'import' });
    }
  }

  /** Adds a section that no card has by itself. */
  addFurther(title: string, markdown: string): void {
    this.#further += 1;
    const id = `further-${this.#further}`;
    this.#sections.set(id, {
      id,
      title,
      facts: [],
      measurements: [],
      texts: [{ markdown, source: 'import' }],
    });
  }

  toCard(about: Omit<ModelCard, 'sections'>): ModelCard {
    return { ...about, sections: [...this.#sections.values()] };
  }

  #of(id: string): CardSection {
    return this.#sections.get(id)!;
  }
}
