/**
 * A text of elsewhere without what only confuses whoever reads it: control characters but line breaks, and the marks that
 * turn the direction of what follows. Letters of any script stay.
 * @param longest - in characters; what is longer ends with an ellipsis
 * @returns undefined when nothing is left.
 */
export function plainText(
  text: string | undefined,
  longest: number,
): string | undefined {
  const plain = (text ?? '')
    .slice(0, longest * 4)
    .replace(/\r\n?/g, '\n')
    // eslint-disable-next-line no-control-regex -- these are what is taken out
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ')
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .trim();
  const letters = [...plain];
  return letters.length > longest
    ? `${letters.slice(0, longest - 1).join('')}…`
    : plain || undefined;
}

/** A tag as the catalog takes it; empty when nothing of the text can be one. */
export function toTag(text: string): string {
  return text
    .toLocaleLowerCase('en-US')
    .replace(/[^a-z0-9+#]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}
