import { mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { createFetchTemplateAction } from '@backstage/plugin-scaffolder-backend';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { JsonObject } from '@backstage/types';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';

const TEMPLATE = path.resolve(
  __dirname,
  '../../templates/model-pipeline/template.yaml',
);

/** What the template asks. */
export interface ModelPipelineAnswers extends JsonObject {
  name: string;
  title: string;
  intendedUse: string;
  outOfScope: string[];
  owner: string;
  risk: 'low' | 'medium' | 'high';
  teamSize: 'small' | 'medium' | 'large';
}

/** Writes the repository that the template makes of these answers, with the scaffolder's own action. */
export async function renderModelPipeline(
  folder: string,
  answers: ModelPipelineAnswers,
): Promise<void> {
  const template = parse(await readFile(TEMPLATE, 'utf8'));
  const { input } = template.spec.steps.find(
    ({ action }: { action: string }) => action === 'fetch:template',
  );
  const action = createFetchTemplateAction({
    reader: mockServices.urlReader.mock(),
    integrations: ScmIntegrations.fromConfig(new ConfigReader({})),
  });
  await action.handler({
    ...createMockActionContext({
      input: { ...input, values: answered(input.values, answers) },
      workspacePath: folder,
    }),
    templateInfo: {
      entityRef: 'template:default/model-pipeline',
      baseUrl: pathToFileURL(TEMPLATE).toString(),
    },
  } as Parameters<typeof action.handler>[0]);
}

/** The step's values with the answers put in, as the scaffolder does before it runs a step. */
function answered(
  values: Record<string, string>,
  answers: JsonObject,
): JsonObject {
  const EXPRESSION = /\$\{\{ parameters\.(\w+) \}\}/g;
  return Object.fromEntries(
    Object.entries(values).map(([key, text]) => {
      const [match] = [...text.matchAll(EXPRESSION)];
      return [
        key,
        match && match[0] === text
          ? answers[match[1]]
          : text.replace(EXPRESSION, (_, name) => String(answers[name])),
      ];
    }),
  );
}
