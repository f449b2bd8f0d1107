import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import {
  findModelEntityErrors,
  isModelEntity,
  modelRelationFields,
} from '@slipway/backstage-plugin-model-delivery-common';
import { parseAllDocuments } from 'yaml';
import { generatePortfolio } from './generatePortfolio';
import { profiles } from './profiles';
import { readArtifacts } from './servedModels';

const examples = join(__dirname, '../../../../examples');
const artifacts = readArtifacts(join(examples, 'artifacts'));

function readEntities(file: string): Entity[] {
  return parseAllDocuments(readFileSync(file, 'utf8')).map(document => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Entity;
  });
}

describe('the models of the sample company in the catalog', () => {
  const folder = join(examples, 'models');
  const entities = readdirSync(folder)
    .filter(file => file.endsWith('.yaml'))
    .flatMap(file => readEntities(join(folder, file)));
  const models = entities.filter(isModelEntity);
  const known = new Set(
    [...entities, ...readEntities(join(examples, 'org.yaml'))].map(entity =>
      stringifyEntityRef(entity),
    ),
  );

  it('are valid, and labelled as sample', () => {
    for (const model of models) {
      expect({
        name: model.metadata.name,
        errors: findModelEntityErrors(model),
      }).toEqual({ name: model.metadata.name, errors: [] });
    }
    for (const { metadata } of entities) {
      expect(metadata.labels?.['slipway.dev/sample']).toBe('true');
    }
    expect(known.size).toBeGreaterThan(entities.length);
  });

  it('refer to nothing that is not there', () => {
    for (const { spec } of models) {
      const references = modelRelationFields.flatMap(({ field }) =>
        // A system is named without its kind
        field === 'system' ? [] : [(spec as Record<string, unknown>)[field]],
      );
      for (const reference of references.flat().filter(Boolean)) {
        expect(known).toContain(reference);
      }
      expect(known).toContain(`system:default/${spec.system}`);
    }
  });

  it('are those of the portfolio, whose people exist', () => {
    const portfolio = generatePortfolio({ now: new Date(), artifacts });
    expect(portfolio.models.map(model => model.name).sort()).toEqual(
      models.map(model => model.metadata.name).sort(),
    );
    for (const model of portfolio.models) {
      for (const { registration } of model.versions) {
        expect(known).toContain(registration.parts.trainedBy);
      }
      for (const { requestedBy, approvedBy } of model.deployments) {
        for (const person of [requestedBy!, ...(approvedBy ?? [])]) {
          expect(known).toContain(person);
        }
      }
    }
  });

  it('carry the risk that the portfolio gives them', () => {
    for (const { name, risk } of profiles) {
      expect([
        name,
        models.find(model => model.metadata.name === name)?.spec.risk,
      ]).toEqual([name, risk]);
    }
  });
});
