import { parseEntityRef } from '@backstage/catalog-model';
import { SPDX } from '@cyclonedx/cyclonedx-library';
import {
  CardMeasurement,
  CardSection,
  ModelCard,
} from '@slipway/backstage-plugin-model-delivery-common';
import { digestOf } from '../../policies/digest';
import { embedCard } from './embeddedCard';

/** The property that holds the whole card, of which CycloneDX has no fields for some. */
export const CARD_PROPERTY = 'slipway:card';

/** A CycloneDX document, as far as Slipway writes it. */
export type Bom = Record<string, unknown>;

/** The card as a CycloneDX 1.7 ML-BOM: what the format has fields for stands there, and the whole in a property. */
export function toCycloneDx(card: ModelCard): Bom {
  const [namespace, name] = nameOf(card);
  const facts = (id: string, label: string) =>
    (sectionOf(card, id)?.facts ?? [])
      .filter(each => each.label === label)
      .map(each => each.text);
  const [task] = facts('details', 'Task');
  const [type] = facts('details', 'Type');
  const [artifact] = facts('provenance', 'Artefact');
  const [description] = facts('intended-use', 'Intended use');
  const metrics = card.sections.flatMap(each => each.measurements);
  const reference = [card.model, card.version].filter(Boolean).join('@');
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.7.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.7',
    serialNumber: `urn:uuid:${uuidOf(card)}`,
    version: 1,
    ...(card.asOf && { metadata: { timestamp: card.asOf } }),
    components: [
      {
        type: 'machine-learning-model',
        'bom-ref': reference,
        group: namespace,
        name,
        ...(card.version !== null && { version: card.version }),
        ...(description && { description }),
        ...(artifact?.startsWith('sha256:') && {
          hashes: [
            { alg: 'SHA-256', content: artifact.slice('sha256:'.length) },
          ],
        }),
        ...withItems('licenses', facts('details', 'Licence').map(toLicence)),
        modelCard: {
          modelParameters: {
            ...(task && { task }),
            ...(type && { modelArchitecture: type }),
            ...withItems(
              'datasets',
              [
                ...facts('data', 'Data version'),
                ...facts('data', 'Trained on'),
                ...facts('details', 'Data set'),
              ].map(each => ({ type: 'dataset', name: each })),
            ),
          },
          ...(metrics.length > 0 && {
            quantitativeAnalysis: {
              performanceMetrics: metrics.map(toPerformanceMetric),
            },
          }),
          considerations: considerationsOf(card),
        },
        properties: [{ name: CARD_PROPERTY, value: embedCard(card) }],
      },
    ],
  };
}

function considerationsOf(card: ModelCard): Record<string, unknown> {
  const said = (id: string) => {
    const section = sectionOf(card, id);
    return [
      ...(section?.facts ?? []).map(each => each.text),
      ...(section?.texts ?? []).map(each => each.markdown),
    ];
  };
  return {
    ...withItems('useCases', said('intended-use')),
    ...withItems('technicalLimitations', [
      ...said('limitations'),
      ...said('out-of-scope').map(each => `Not for: ${each}`),
    ]),
    ...withItems(
      'ethicalConsiderations',
      said('ethics').map(each => ({ name: each })),
    ),
    ...withItems(
      'fairnessAssessments',
      said('fairness').map(each => ({ harms: each })),
    ),
  };
}

function toPerformanceMetric(each: CardMeasurement): Record<string, unknown> {
  return {
    type: each.name,
    value: String(each.value),
    ...(each.slice && {
      slice: `${each.slice.attribute}: ${each.slice.value}`,
    }),
    ...(each.interval && {
      confidenceInterval: {
        lowerBound: String(each.interval.low),
        upperBound: String(each.interval.high),
      },
    }),
  };
}

function toLicence(text: string): Record<string, unknown> {
  const id = SPDX.fixupSpdxId(text);
  return { license: id ? { id } : { name: text } };
}

/** Namespace and name of the model; the whole as a name where it is no reference. */
function nameOf(card: ModelCard): [string, string] {
  try {
    const { namespace, name } = parseEntityRef(card.model);
    return [namespace, name];
  } catch {
    return ['default', card.model];
  }
}

function sectionOf(card: ModelCard, id: string): CardSection | undefined {
  return card.sections.find(each => each.id === id);
}

function withItems(key: string, items: unknown[]): Record<string, unknown[]> {
  return items.length > 0 ? { [key]: items } : {};
}

/** The same for the same card, in the form of a UUID of version 8. */
function uuidOf(card: ModelCard): string {
  const hex = digestOf(card).slice('sha256:'.length);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
