/*
 * Makes the schemas of this folder out of a published CustomResourceDefinition:
 *
 *   node trim.mjs crd.yaml KIND VERSION keep.path,… > KIND.json
 *
 * Descriptions go. Below a path that ends in `{a,b}`, only those properties stay: what the tests write, of objects that hold
 * whole pod specifications. What is left out is unknown to the schema, and so refused.
 */
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

const [, , file, kind, version, ...keep] = process.argv;
const crd = parseAllDocuments(readFileSync(file, 'utf8'))
  .map(document => document.toJS())
  .find(
    each =>
      each?.kind === 'CustomResourceDefinition' &&
      each.spec.names.kind === kind,
  );
const { schema, subresources } = crd.spec.versions.find(
  each => each.name === version,
);

function withoutDescriptions(value) {
  if (Array.isArray(value)) {
    return value.map(withoutDescriptions);
  }
  return value && typeof value === 'object'
    ? Object.fromEntries(
        Object.entries(value)
          .filter(
            ([key, of]) => key !== 'description' || typeof of !== 'string',
          )
          .map(([key, of]) => [key, withoutDescriptions(of)]),
      )
    : value;
}

const openAPIV3Schema = withoutDescriptions(schema.openAPIV3Schema);
for (const rule of keep) {
  const [, path, names] = /^([^{]+)\{([^}]+)\}$/.exec(rule);
  const node = path
    .split('.')
    .filter(Boolean)
    .reduce(
      (at, key) => (key === '[]' ? at.items : at.properties[key]),
      openAPIV3Schema,
    );
  node.properties = Object.fromEntries(
    Object.entries(node.properties).filter(([key]) =>
      names.split(',').includes(key),
    ),
  );
}
process.stdout.write(
  `${JSON.stringify({
    group: crd.spec.group,
    plural: crd.spec.names.plural,
    kind,
    version,
    subresources: Object.keys(subresources ?? {}),
    openAPIV3Schema,
  })}\n`,
);
