import { nestingOf } from './nesting';

/** Deeper than any BOM is; what reads recursively would end in a full stack. */
const MAX_NESTING = 50;
const MODEL = 'machine-learning-model';

/**
 * A component of a BOM, as far as a model goes.
 *
 * @public
 */
export interface BomComponent {
  type?: string;
  'bom-ref'?: string;
  group?: string;
  name?: string;
  version?: string;
  description?: string;
  tags?: string[];
  licenses?: {
    license?: { id?: string; name?: string };
    expression?: string;
  }[];
  pedigree?: { ancestors?: { name?: string }[] };
  properties?: { name?: string; value?: string }[];
  modelCard?: BomModelCard;
}

/**
 * What a BOM says of a model beside what it says of any component.
 *
 * @public
 */
export interface BomModelCard {
  modelParameters?: {
    task?: string;
    architectureFamily?: string;
    modelArchitecture?: string;
    datasets?: { name?: string; ref?: string }[];
  };
  quantitativeAnalysis?: { performanceMetrics?: BomMetric[] };
  considerations?: {
    users?: string[];
    useCases?: string[];
    technicalLimitations?: string[];
    performanceTradeoffs?: string[];
    ethicalConsiderations?: { name?: string; mitigationStrategy?: string }[];
    fairnessAssessments?: Record<string, string>[];
  };
}

/**
 * A measurement in a BOM. Numbers are texts in this format.
 *
 * @public
 */
export interface BomMetric {
  type?: string;
  value?: string;
  slice?: string;
  confidenceInterval?: { lowerBound?: string; upperBound?: string };
}

/**
 * A document of CycloneDX. It is as the type says once `findBomFault` found nothing.
 *
 * @public
 */
export interface Bom {
  bomFormat?: unknown;
  specVersion?: unknown;
  metadata?: { component?: BomComponent; timestamp?: string };
  components?: BomComponent[];
}

/**
 * Parses the JSON of a BOM without looking whether it is valid.
 *
 * @returns it, or what is wrong, as continuation of a sentence such as `is no JSON: …`
 * @public
 */
export function parseBom(text: string): { bom: Bom } | { fault: string } {
  const nesting = nestingOf(text);
  if (nesting > MAX_NESTING) {
    return {
      fault: `is nested ${nesting} deep; at most ${MAX_NESTING} are read`,
    };
  }
  try {
    const value: unknown = JSON.parse(text);
    const isObject =
      typeof value === 'object' && value !== null && !Array.isArray(value);
    return { bom: isObject ? value : {} };
  } catch (error) {
    return { fault: `is no JSON: ${(error as Error).message}` };
  }
}

/**
 * The subject of a BOM and the components at its top, whatever they are. What is nested is a part of one of them.
 *
 * @public
 */
export function componentsOf({ metadata, components }: Bom): {
  subject: BomComponent | undefined;
  others: BomComponent[];
} {
  return {
    subject:
      isThing(metadata) && isThing(metadata.component)
        ? metadata.component
        : undefined,
    others: Array.isArray(components) ? components.filter(isThing) : [],
  };
}

/**
 * Whether a component of a BOM is a model.
 *
 * @public
 */
export function isModel(component: BomComponent | undefined): boolean {
  return component?.type === MODEL;
}

/**
 * By what a component of a BOM is told from the others: its `bom-ref`, or else its whole name.
 *
 * @public
 */
export function componentKey(component: BomComponent): string {
  const { 'bom-ref': ref, group, name = '' } = component;
  return ref ?? (group ? `${group}/${name}` : name);
}

/**
 * The licences of a component, each by its expression, id or name.
 *
 * @public
 */
export function licencesOf({ licenses = [] }: BomComponent): string[] {
  return licenses.flatMap(
    ({ expression, license }) =>
      expression ?? license?.id ?? license?.name ?? [],
  );
}

function isThing(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
