import type { Version } from '@cyclonedx/cyclonedx-library/Spec';
import { JsonStrictValidator } from '@cyclonedx/cyclonedx-library/Validation';
import { InputError } from '@backstage/errors';
import { asObject } from '../entities/asObject';
import { ModelDraft } from '../entities/ModelDraft';
import { knownFramework } from '../entities/frameworkName';
import { statedFields } from '../entities/statedFields';
import { FileFormat } from '../files/ModelFiles';
import { FoundFile } from '../files/readTarget';
import { BomComponent, componentSchema } from './mlBomSchema';

/** Model cards came with 1.5. */
const VERSIONS = ['1.5', '1.6', '1.7'];
/** More models than anybody puts into one file. */
const MAX_MODELS = 100;
const MAX_ITEMS = 50;
const MODEL = 'machine-learning-model';

/** CycloneDX ML-BOMs in JSON. */
export const mlBomFormat: FileFormat = {
  maxBytes: 5 * 1024 * 1024,
  parse: parseMlBom,
};

/**
 * The models that a BOM tells of: its subject, where that is one, else each component that is one. None when the file is no
 * CycloneDX BOM, or holds no model.
 * @throws InputError when it is not valid against the published schema.
 */
export async function parseMlBom(
  text: string,
  file: FoundFile,
): Promise<ModelDraft[]> {
  const bom = parseJson(text);
  if (bom.bomFormat !== 'CycloneDX') {
    return [];
  }
  const all = modelsOf(bom);
  if (all.length === 0) {
    return [];
  }
  if (all.length > MAX_MODELS) {
    throw new InputError(
      `holds ${all.length} models; more than ${MAX_MODELS} in one file are not read`,
    );
  }
  await validate(text, bom.specVersion);
  const names = namesByRef(bom);
  return all.map(component =>
    toDraft(componentSchema.parse(component), file, names),
  );
}

async function validate(text: string, version: unknown) {
  if (typeof version !== 'string' || !VERSIONS.includes(version)) {
    throw new InputError(
      `is of CycloneDX ${JSON.stringify(
        version,
      )}; model cards are read from ${VERSIONS.join(', ')}`,
    );
  }
  const found = await new JsonStrictValidator(version as Version).validate(
    text,
  );
  if (found !== null) {
    throw new InputError(
      `is no valid CycloneDX ${version}: ${describe(found)}`,
    );
  }
}

function describe(found: unknown): string {
  const [first] = Array.isArray(found) ? found : [found];
  const { instancePath, message } = (first ?? {}) as {
    instancePath?: string;
    message?: string;
  };
  return `${instancePath || 'it'} ${message ?? 'is not as the schema says'}`;
}

function toDraft(
  component: BomComponent,
  file: FoundFile,
  names: Map<string, string>,
): ModelDraft {
  const { modelParameters, considerations } = component.modelCard ?? {};
  const { group, name, description, tags } = component;
  const useCases = (considerations?.useCases ?? []).slice(0, MAX_ITEMS);
  const { spec, framework, registry } = statedFields([
    ['task', modelParameters?.task],
    ['intendedUse', useCases.join('; ').slice(0, 4_000)],
    ...component.properties
      .filter(property => /^slipway[:./]/.test(property.name))
      .map(property => [property.name, property.value] as const),
  ]);
  const architecture = [
    modelParameters?.modelArchitecture,
    modelParameters?.architectureFamily,
  ].flatMap(each => knownFramework(each ?? '') ?? []);
  const fullName = group ? `${group}/${name}` : name;
  return {
    source: `${file.source}#${component['bom-ref'] ?? fullName}`,
    name: fullName,
    title: name,
    description,
    url: file.url,
    registry,
    framework: framework ?? architecture[0],
    license: component.licenses
      .flatMap(
        each => each.expression ?? each.license?.id ?? each.license?.name ?? [],
      )
      .join(', '),
    tags: tags.slice(0, MAX_ITEMS),
    spec,
    baseModels: (component.pedigree?.ancestors ?? [])
      .slice(0, MAX_ITEMS)
      .map(ancestor => ancestor.name),
    datasets: (modelParameters?.datasets ?? [])
      .slice(0, MAX_ITEMS)
      .flatMap(
        ({ ref, name: own }) => own ?? names.get(ref ?? '') ?? ref ?? [],
      ),
  };
}

function parseJson(text: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(text));
  } catch (error) {
    throw new InputError(`is no JSON: ${(error as Error).message}`);
  }
}

function modelsOf(bom: Record<string, unknown>): unknown[] {
  const subject = asObject(asObject(bom.metadata).component);
  return subject.type === MODEL
    ? [subject]
    : componentsOf(bom).filter(each => each.type === MODEL);
}

/** Those at the top: what is nested is a part of one of them. */
function componentsOf(bom: Record<string, unknown>): Record<string, unknown>[] {
  return Array.isArray(bom.components) ? bom.components.map(asObject) : [];
}

/** What components are called, by the reference that others have to them. */
function namesByRef(bom: Record<string, unknown>): Map<string, string> {
  return new Map(
    componentsOf(bom).flatMap(({ 'bom-ref': ref, name }) =>
      typeof ref === 'string' && typeof name === 'string'
        ? [[ref, name] as const]
        : [],
    ),
  );
}
