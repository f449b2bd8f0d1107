import { InputError } from '@backstage/errors';
import {
  CardFormat,
  ModelCard,
} from '@slipway/backstage-plugin-model-delivery-common';
import { findBomFault } from '@slipway/backstage-plugin-model-delivery-node/cardFiles';
import { AnswerFile } from '../../http/operations';
import { toCycloneDx } from './cycloneDx';
import { toHuggingFace } from './huggingFace';
import { toPdf } from './pdf';
import { readCycloneDx } from './readCycloneDx';
import { readHuggingFace } from './readHuggingFace';
import { bomInPdf } from './readPdf';

/** A card as a file holds it. */
export interface ReadCard {
  card: ModelCard;
  /** Whether the file is as Slipway wrote it: then the card is the one that was exported, to the letter. */
  exact: boolean;
}

/**
 * The card as a file of that format. The same card gives the same bytes.
 * @throws Error when the CycloneDX document would not be valid, which no card should lead to
 */
export async function writeCard(
  card: ModelCard,
  format: CardFormat,
): Promise<AnswerFile> {
  const name = [card.model.replace(/^[^/]*\//, ''), card.version]
    .flatMap(each => each ?? [])
    .join('-')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-');
  if (format === 'huggingface') {
    return {
      name: `${name}.README.md`,
      type: 'text/markdown; charset=utf-8',
      bytes: Buffer.from(toHuggingFace(card), 'utf8'),
    };
  }
  const bom = Buffer.from(await writeBom(card), 'utf8');
  return format === 'cyclonedx'
    ? {
        name: `${name}.cdx.json`,
        type: 'application/vnd.cyclonedx+json',
        bytes: bom,
      }
    : {
        name: `${name}.pdf`,
        type: 'application/pdf',
        bytes: await toPdf(card, bom),
      };
}

/**
 * The card that a file holds.
 * @throws InputError naming what is wrong with it
 */
export async function readCard(
  format: CardFormat,
  content: string,
): Promise<ReadCard> {
  switch (format) {
    case 'cyclonedx':
      return readCycloneDx(content);
    case 'huggingface':
      return readHuggingFace(content);
    case 'pdf': {
      if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(content)) {
        throw new InputError(
          'request/body/content is not Base64, as a PDF has to be',
        );
      }
      return readCycloneDx(bomInPdf(Buffer.from(content, 'base64')));
    }
    default:
      throw new InputError(`request/body/format '${format}' is not known`);
  }
}

async function writeBom(card: ModelCard): Promise<string> {
  const text = `${JSON.stringify(toCycloneDx(card), null, 2)}\n`;
  const fault = await findBomFault(text, '1.7');
  if (fault) {
    throw new Error(
      `The card of ${card.model} would be no valid CycloneDX: ${fault}`,
    );
  }
  return text;
}
