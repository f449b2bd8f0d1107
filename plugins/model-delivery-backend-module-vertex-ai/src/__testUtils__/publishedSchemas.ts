/**
 * What `aiplatform.googleapis.com`'s discovery document of v1 says of the answers that are read: the types, formats and enums
 * of their fields, as far as the fake gives them. Nothing else may be in an answer of the fake.
 */
const text = { type: 'string' };
const time = { type: 'string', format: 'google-datetime' };

const MODEL = {
  type: 'object',
  additionalProperties: false,
  properties: {
    name: text,
    versionId: text,
    versionAliases: { type: 'array', items: text },
    versionCreateTime: time,
    versionUpdateTime: time,
    displayName: text,
    description: text,
    versionDescription: text,
    labels: { type: 'object', additionalProperties: text },
    artifactUri: text,
    pipelineJob: text,
    trainingPipeline: text,
    createTime: time,
    updateTime: time,
    etag: text,
    containerSpec: {
      type: 'object',
      additionalProperties: false,
      properties: { imageUri: text },
    },
    modelSourceInfo: {
      type: 'object',
      additionalProperties: false,
      properties: {
        sourceType: {
          enum: [
            'MODEL_SOURCE_TYPE_UNSPECIFIED',
            'AUTOML',
            'CUSTOM',
            'BQML',
            'MODEL_GARDEN',
            'GENIE',
            'CUSTOM_TEXT_EMBEDDING',
            'MARKETPLACE',
          ],
        },
        copy: { type: 'boolean' },
      },
    },
    baseModelSource: {
      type: 'object',
      additionalProperties: false,
      properties: {
        modelGardenSource: {
          type: 'object',
          additionalProperties: false,
          properties: { publicModelName: text, versionId: text },
        },
        genieSource: {
          type: 'object',
          additionalProperties: false,
          properties: { baseModelUri: text },
        },
      },
    },
  },
};

const PAGE = {
  type: 'object',
  additionalProperties: false,
  properties: { models: { type: 'array', items: MODEL }, nextPageToken: text },
};

/** By the method that answers with it. */
export const PUBLISHED = {
  'models.list': PAGE,
  'models.listVersions': PAGE,
  'models.mergeVersionAliases': MODEL,
};
