import {
  CardMeasurement,
  CardSection,
  ModelCard,
  ModelCardDiff,
} from '@slipway/backstage-plugin-model-delivery-common';
import { isDeepStrictEqual } from 'node:util';
import { diffTexts } from '../diffTexts';
import { keyOf } from './cardSources';

type SectionDiff = ModelCardDiff['sections'][number];

/** What the card `to` says otherwise than `from`, in the order of its sections; those that went come last. */
export function diffCards(from: ModelCard, to: ModelCard): SectionDiff[] {
  const before = new Map(from.sections.map(each => [each.id, each]));
  const after = new Set(to.sections.map(each => each.id));
  return [
    ...to.sections.map(each => diffSection(before.get(each.id), each)),
    ...from.sections
      .filter(each => !after.has(each.id))
      .map(each => diffSection(each, undefined)),
  ];
}

function diffSection(
  from: CardSection | undefined,
  to: CardSection | undefined,
): SectionDiff {
  const facts = diffFacts(from, to);
  const measurements = diffMeasurements(from, to);
  const text = diffTexts(textOf(from), textOf(to));
  const changed = facts.length + measurements.length + text.length > 0;
  const change = isEmpty(from) && !isEmpty(to) ? 'added' : undefined;
  const gone = !isEmpty(from) && isEmpty(to) ? 'removed' : undefined;
  return {
    id: (to ?? from)!.id,
    title: (to ?? from)!.title,
    change: change ?? gone ?? (changed ? 'changed' : 'same'),
    facts,
    measurements,
    text,
  };
}

function isEmpty(section: CardSection | undefined): boolean {
  return (
    !section ||
    section.facts.length +
      section.measurements.length +
      section.texts.length ===
      0
  );
}

function diffFacts(
  from: CardSection | undefined,
  to: CardSection | undefined,
): SectionDiff['facts'] {
  const values = (section: CardSection | undefined, label: string) =>
    (section?.facts ?? [])
      .filter(each => each.label === label)
      .map(each => each.text);
  const labels = new Set(
    [...(to?.facts ?? []), ...(from?.facts ?? [])].map(each => each.label),
  );
  return [...labels].flatMap(label => {
    const before = values(from, label);
    const after = values(to, label);
    return isDeepStrictEqual(before, after) ? [] : [{ label, before, after }];
  });
}

function diffMeasurements(
  from: CardSection | undefined,
  to: CardSection | undefined,
): SectionDiff['measurements'] {
  const byKey = (section: CardSection | undefined) =>
    new Map((section?.measurements ?? []).map(each => [keyOf(each), each]));
  const before = byKey(from);
  const after = byKey(to);
  return [...new Set([...after.keys(), ...before.keys()])]
    .map(key => ({
      before: before.get(key) ?? null,
      after: after.get(key) ?? null,
    }))
    .filter(each => !isSame(each.before, each.after));
}

/** When, by which evaluation and on which month's data it was measured is said by the card, and no difference of the version. */
function isSame(
  before: CardMeasurement | null,
  after: CardMeasurement | null,
): boolean {
  const said = (each: CardMeasurement | null) =>
    each && [each.value, each.interval, each.sampleSize];
  return isDeepStrictEqual(said(before), said(after));
}

function textOf(section: CardSection | undefined): string {
  return (section?.texts ?? []).map(each => each.markdown).join('\n\n');
}
