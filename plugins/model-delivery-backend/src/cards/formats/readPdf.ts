import { InputError } from '@backstage/errors';

/** How the card stands in a PDF that Slipway wrote: attached as a file, and not compressed, so that nothing can swell. */
const ATTACHED = /\/Type \/EmbeddedFile\n([^]{0,1000}?)>>\nstream\n/;

/**
 * The CycloneDX document that is attached to a PDF that Slipway wrote.
 * @throws InputError when there is none
 */
export function bomInPdf(pdf: Buffer): string {
  // One character a byte
  const text = pdf.toString('latin1');
  const match = text.startsWith('%PDF-') ? ATTACHED.exec(text) : null;
  const length = Number(/\/Length (\d+)/.exec(match?.[1] ?? '')?.[1]);
  if (!match || match[1].includes('/Filter') || !Number.isInteger(length)) {
    throw new InputError(
      'request/body/content holds no card: only a PDF that Slipway exported does, as it was saved then',
    );
  }
  const from = match.index + match[0].length;
  return pdf.subarray(from, from + length).toString('utf8');
}
