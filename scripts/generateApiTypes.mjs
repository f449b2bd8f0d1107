/**
 * Writes the API's TypeScript types from its OpenAPI contract, the one source of truth for both.
 * `--check` fails when the committed types are not those of the contract.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import prettier from 'prettier';

const root = new URL('../', import.meta.url);
const contract = new URL(
  'plugins/model-delivery-backend/src/schema/openapi.yaml',
  root,
);
const target = new URL(
  'plugins/model-delivery-common/src/api/generated.ts',
  root,
);

/** The API report wants to know of each export how public it is. */
function withReleaseTags(source) {
  return source.replace(
    /^export (interface|type) (paths|components|operations)\b/gm,
    '/** @public */\nexport $1 $2',
  );
}

/** The tags of JSDoc in words, since the API report reads comments as TSDoc, which has no such tags. */
function withoutJsdocTags(source) {
  return source
    .replace(/^[^\S\n]*\/\*\* @enum \{[\w|]+\} \*\/\n/gm, '')
    .replace(/^[^\S\n]*\* @enum \{[\w|]+\}\n/gm, '')
    .replace(/@description /g, '')
    .replace(/@default (.+?)(?=\n| \*\/)/g, 'Default: `$1`')
    .replace(/@example (.+?)(?=\n| \*\/)/g, 'Example: `$1`');
}

const ast = await openapiTS(contract, { alphabetize: false });
const options = await prettier.resolveConfig(fileURLToPath(target));
const text = prettier.format(
  `/**\n * Generated from plugins/model-delivery-backend/src/schema/openapi.yaml by \`npm run openapi\`.\n */\n${withReleaseTags(
    withoutJsdocTags(astToString(ast)),
  )}`,
  { ...options, parser: 'typescript' },
);

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error(
      `${fileURLToPath(
        target,
      )} is not what openapi.yaml says: run \`npm run openapi\` and commit the result.`,
    );
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
