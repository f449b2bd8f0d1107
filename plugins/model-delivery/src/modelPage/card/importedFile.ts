import type { CardFormat } from '@slipway/backstage-plugin-model-delivery-common';

/** What the server takes; Base64 makes a third more of a PDF. */
const MAX_BYTES = 700_000;

/**
 * The format of a card by the name of its file.
 * @throws Error for one that cannot be read
 */
export function formatOfFile(name: string): CardFormat {
  const ending = name.toLowerCase().replace(/^.*\./, '');
  const format = (
    { json: 'cyclonedx', md: 'huggingface', pdf: 'pdf' } as const
  )[ending];
  if (!format) {
    throw new Error(
      `${name} is neither .json of CycloneDX, nor .md of Hugging Face, nor .pdf`,
    );
  }
  return format;
}

/**
 * The content of a file as the server takes it.
 * @throws Error when it is too large
 */
export async function toContent(
  file: File,
  format: CardFormat,
): Promise<string> {
  if (file.size > MAX_BYTES) {
    throw new Error(
      `${file.name} has ${Math.round(file.size / 1000)} kB; at most ${
        MAX_BYTES / 1000
      } kB can be imported`,
    );
  }
  if (format !== 'pdf') {
    return file.text();
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(Array.from(bytes, each => String.fromCharCode(each)).join(''));
}
