import {
  CardFormat,
  dataOf,
  ModelDeliveryClient,
} from '@slipway/backstage-plugin-model-delivery-common';
import { download } from '../../models/exportModels';

/** The formats of cards and how their files are called. */
export const cardFormats: {
  format: CardFormat;
  label: string;
  ending: string;
  type: string;
}[] = [
  {
    format: 'cyclonedx',
    label: 'CycloneDX 1.7 ML-BOM',
    ending: '.cdx.json',
    type: 'application/vnd.cyclonedx+json',
  },
  {
    format: 'huggingface',
    label: 'Hugging Face README.md',
    ending: '.README.md',
    type: 'text/markdown',
  },
  { format: 'pdf', label: 'PDF', ending: '.pdf', type: 'application/pdf' },
];

/** Fetches the card as whoever is signed in, and hands it to the browser as a download. */
export async function exportCard(
  client: ModelDeliveryClient,
  options: {
    path: { namespace: string; name: string };
    version?: string;
    format: CardFormat;
  },
): Promise<void> {
  const { path, version, format } = options;
  const file = dataOf(
    await client.GET('/models/{namespace}/{name}/card/export', {
      params: { path, query: { version, format } },
      parseAs: 'blob',
    }),
  );
  const { ending, type } = cardFormats.find(each => each.format === format)!;
  download(
    `${[path.name, version].filter(Boolean).join('-')}${ending}`,
    type,
    file as Blob,
  );
}
