import { InputError } from '@backstage/errors';
import {
  BomComponent,
  componentKey,
  componentsOf,
  findBomFault,
  isModel,
  licencesOf,
  parseBom,
} from '@slipway/backstage-plugin-model-delivery-node/cardFiles';
import { ModelDraft } from '../entities/ModelDraft';
import { knownFramework } from '../entities/frameworkName';
import { statedFields } from '../entities/statedFields';
import { cardFileOf } from '../files/cardFileOf';
import { FileFormat } from '../files/ModelFiles';
import { FoundFile } from '../files/readTarget';

/** More models than anybody puts into one file. */
const MAX_MODELS = 100;
const MAX_ITEMS = 50;

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
  const parsed = parseBom(text);
  if ('fault' in parsed) {
    throw new InputError(parsed.fault);
  }
  const { bom } = parsed;
  if (bom.bomFormat !== 'CycloneDX') {
    return [];
  }
  const { subject, others } = componentsOf(bom);
  const all = subject && isModel(subject) ? [subject] : others.filter(isModel);
  if (all.length === 0) {
    return [];
  }
  if (all.length > MAX_MODELS) {
    throw new InputError(
      `holds ${all.length} models; more than ${MAX_MODELS} in one file are not read`,
    );
  }
  const version = String(bom.specVersion);
  const fault = await findBomFault(text, version);
  if (fault) {
    throw new InputError(`is no valid CycloneDX ${version}: ${fault}`);
  }
  // What components are called, by the reference that others have to them
  const names = new Map(
    others.flatMap(({ 'bom-ref': ref, name }) =>
      ref !== undefined && name !== undefined ? [[ref, name] as const] : [],
    ),
  );
  return all.map(component => toDraft(component, file, names));
}

function toDraft(
  component: BomComponent,
  file: FoundFile,
  names: Map<string, string>,
): ModelDraft {
  const { modelParameters, considerations } = component.modelCard ?? {};
  const { group, name = '', description, tags = [] } = component;
  const key = componentKey(component);
  const useCases = (considerations?.useCases ?? []).slice(0, MAX_ITEMS);
  const { spec, framework, registry } = statedFields([
    ['task', modelParameters?.task],
    ['intendedUse', useCases.join('; ').slice(0, 4_000)],
    ...(component.properties ?? []).flatMap(property =>
      /^slipway[:./]/.test(property.name ?? '')
        ? [[property.name!, property.value] as const]
        : [],
    ),
  ]);
  const architecture = [
    modelParameters?.modelArchitecture,
    modelParameters?.architectureFamily,
  ].flatMap(each => knownFramework(each ?? '') ?? []);
  return {
    source: `${file.source}#${key}`,
    name: group ? `${group}/${name}` : name,
    title: name,
    description,
    url: file.url,
    cardFile: cardFileOf(file, key),
    registry,
    framework: framework ?? architecture[0],
    license: licencesOf(component).join(', '),
    tags: tags.slice(0, MAX_ITEMS),
    spec,
    baseModels: (component.pedigree?.ancestors ?? [])
      .slice(0, MAX_ITEMS)
      .flatMap(ancestor => ancestor.name ?? []),
    datasets: (modelParameters?.datasets ?? [])
      .slice(0, MAX_ITEMS)
      .flatMap(
        ({ ref, name: own }) => own ?? names.get(ref ?? '') ?? ref ?? [],
      ),
  };
}
