import {
  CardSection,
  ModelCard,
} from '@slipway/backstage-plugin-model-delivery-common';
import PDFDocument from 'pdfkit';
import { measured } from './markdownText';
import { drawMarkdown } from './pdfMarkdown';
import { PdfText } from './PdfText';

const MARGIN = 56;

/**
 * The card as a PDF with its CycloneDX document attached. Its dates are the card's own, so that the same card gives the same
 * bytes.
 */
export async function toPdf(card: ModelCard, bom: Buffer): Promise<Buffer> {
  const at = new Date(card.asOf ?? 0);
  const document = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    compress: false,
    font: '',
    lang: 'en',
    displayTitle: true,
    info: {
      Title: `Model card of ${card.title}`,
      Creator: 'Slipway',
      Producer: 'Slipway',
      CreationDate: at,
      ModDate: at,
    },
  });
  const chunks: Buffer[] = [];
  document.on('data', chunk => chunks.push(chunk));
  const done = new Promise<void>((resolve, reject) => {
    document.on('end', resolve);
    document.on('error', reject);
  });
  document.file(bom, {
    name: 'model-card.cdx.json',
    type: 'application/vnd.cyclonedx+json',
    description: 'The card as a CycloneDX document',
    creationDate: at,
    modifiedDate: at,
  });
  draw(new PdfText(document), card);
  document.end();
  await done;
  return Buffer.concat(chunks);
}

function draw(text: PdfText, card: ModelCard): void {
  text.heading(card.title, 20);
  text.line(
    [
      card.model,
      card.version === null ? 'no version' : `version ${card.version}`,
      ...(card.asOf ? [`as of ${card.asOf}`] : []),
    ].join(' · '),
    { grey: true },
  );
  card.sections.filter(isFilled).forEach(section => {
    text.heading(section.title, 14);
    section.facts.forEach(({ label, text: value }) => text.fact(label, value));
    section.measurements.forEach(each =>
      text.fact(
        each.slice
          ? `${each.name} (${each.slice.attribute}: ${each.slice.value})`
          : each.name,
        [
          measured(each),
          ...(each.sampleSize === undefined ? [] : [`n = ${each.sampleSize}`]),
          ...(each.dataset ? [each.dataset] : []),
          each.fact,
        ].join(' · '),
      ),
    );
    section.texts.forEach(({ markdown }) => drawMarkdown(text, markdown));
  });
  if (text.lacking) {
    text.line(
      'Characters that the font of this file lacks are drawn as □. The attached model-card.cdx.json holds them.',
      { grey: true },
    );
  }
}

function isFilled({ facts, measurements, texts }: CardSection): boolean {
  return facts.length + measurements.length + texts.length > 0;
}
