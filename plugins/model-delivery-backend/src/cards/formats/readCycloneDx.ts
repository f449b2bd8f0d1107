import { InputError } from '@backstage/errors';
import {
  BomComponent,
  BomMetric,
  componentKey,
  componentsOf,
  findBomFault,
  isModel,
  licencesOf,
  parseBom,
} from '@slipway/backstage-plugin-model-delivery-node/cardFiles';
import { isDeepStrictEqual } from 'node:util';
import { CARD_PROPERTY, toCycloneDx } from './cycloneDx';
import { CardDraft } from './CardDraft';
import { parseEmbeddedCard } from './embeddedCard';
import { ReadCard } from './formats';

/**
 * Reads the card of the one model that a CycloneDX document describes.
 * @param from - what the document is called when it is refused, and which of several models is meant, by its key
 * @throws InputError when it is no valid CycloneDX 1.5 to 1.7, or describes no model or several
 */
export async function readCycloneDx(
  text: string,
  from: { what: string; component?: string } = { what: 'request/body/content' },
): Promise<ReadCard> {
  const { what, component } = from;
  const parsed = parseBom(text);
  if ('fault' in parsed) {
    throw new InputError(`${what} ${parsed.fault}`);
  }
  const { bom } = parsed;
  const fault = await findBomFault(text, String(bom.specVersion));
  if (fault) {
    throw new InputError(
      `${what} is no CycloneDX that could be read: ${fault}`,
    );
  }
  const { subject, others } = componentsOf(bom);
  const models = [subject, ...others]
    .filter(each => each !== undefined)
    .filter(isModel);
  const [model] =
    component === undefined
      ? models
      : models.filter(each => componentKey(each) === component);
  if (!model || (component === undefined && models.length > 1)) {
    throw new InputError(
      `${what} describes ${
        models.length
      } components of type machine-learning-model; it would be one${
        component === undefined ? '' : ` called ${component}`
      }`,
    );
  }
  const embedded = parseEmbeddedCard(
    model.properties?.find(each => each.name === CARD_PROPERTY)?.value,
  );
  return embedded && isDeepStrictEqual(toPlain(toCycloneDx(embedded)), bom)
    ? { card: embedded, exact: true }
    : {
        card: toDraft(model).toCard({
          model: model.name ?? '',
          title: model.name ?? '',
          version: model.version ?? null,
          digest: null,
          asOf: null,
        }),
        exact: false,
      };
}

/** As it is once it was written and read. */
function toPlain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function toDraft(model: BomComponent): CardDraft {
  const draft = new CardDraft();
  const { modelParameters, quantitativeAnalysis, considerations } =
    model.modelCard ?? {};
  draft.addText('details', model.description);
  licencesOf(model).forEach(each => draft.addFact('details', 'Licence', each));
  draft.addFact('details', 'Task', modelParameters?.task);
  draft.addFact(
    'details',
    'Architecture family',
    modelParameters?.architectureFamily,
  );
  draft.addFact('details', 'Type', modelParameters?.modelArchitecture);
  modelParameters?.datasets?.forEach(each =>
    draft.addFact('data', 'Data set', each.name ?? each.ref),
  );
  quantitativeAnalysis?.performanceMetrics?.forEach(each =>
    addMetric(draft, each),
  );
  const list = (section: string, texts: (string | undefined)[] = []) =>
    texts.forEach(each => draft.addText(section, each));
  list('intended-use', considerations?.useCases);
  list('intended-use', considerations?.users);
  list('limitations', considerations?.technicalLimitations);
  list('limitations', considerations?.performanceTradeoffs);
  list(
    'ethics',
    considerations?.ethicalConsiderations?.map(each =>
      [each.name, each.mitigationStrategy].filter(Boolean).join('\n\n'),
    ),
  );
  list(
    'fairness',
    considerations?.fairnessAssessments?.map(each =>
      Object.values(each).join('\n\n'),
    ),
  );
  return draft;
}

function addMetric(draft: CardDraft, metric: BomMetric): void {
  const value = Number(metric.value);
  if (!metric.type || !metric.value || !Number.isFinite(value)) {
    draft.addFact('evaluations', metric.type ?? 'Metric', metric.value);
    return;
  }
  const [attribute, ...rest] = (metric.slice ?? '').split(':');
  draft.addMeasurement({
    fact: 'candidate',
    name: metric.type,
    value,
    ...(metric.slice && {
      slice: { attribute, value: rest.join(':').trim() },
    }),
  });
  const { lowerBound, upperBound } = metric.confidenceInterval ?? {};
  if (lowerBound && upperBound) {
    // The format does not say of which level it is, so that it cannot stand beside others
    draft.addFact(
      'evaluations',
      `Interval of ${metric.type}`,
      `${lowerBound} to ${upperBound}`,
    );
  }
}
