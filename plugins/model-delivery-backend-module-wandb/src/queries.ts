/** What tells of the changes of a collection: its newest versions, the newest first. */
export const LIST_MODELS = `
  query SlipwayModels($entity: String!, $project: String!, $type: String!, $first: Int!, $after: String, $newest: Int!) {
    project(entityName: $entity, name: $project) {
      artifactType(name: $type) {
        artifactCollections(first: $first, after: $after) {
          pageInfo { hasNextPage endCursor }
          edges {
            node {
              name
              description
              createdAt
              updatedAt
              tags { edges { node { name } } }
              artifacts(first: 1) { totalCount }
              artifactMemberships(first: $newest) {
                edges {
                  node {
                    versionIndex
                    createdAt
                    aliases { alias }
                    artifact { state updatedAt }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
`;

/** Versions of a collection, with the runs that made them. */
export const LIST_VERSIONS = `
  query SlipwayVersions($entity: String!, $project: String!, $type: String!, $model: String!, $first: Int!, $after: String, $inputs: Int!) {
    project(entityName: $entity, name: $project) {
      artifactType(name: $type) {
        artifactCollection(name: $model) {
          description
          tags { edges { node { name } } }
          artifactMemberships(first: $first, after: $after) {
            pageInfo { hasNextPage endCursor }
            edges {
              node {
                versionIndex
                createdAt
                aliases { alias }
                artifact {
                  digest
                  state
                  description
                  metadata
                  createdAt
                  updatedAt
                  versionIndex
                  tags { name }
                  artifactSequence { name project { name entityName } }
                  createdBy {
                    __typename
                    ... on User { username }
                    ... on Run {
                      name
                      commit
                      config
                      summaryMetrics
                      user { username }
                      project { name entityName }
                      inputArtifacts(first: $inputs) {
                        edges {
                          node {
                            digest
                            artifactType { name }
                            artifactSequence { name }
                          }
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
`;

/** One version, by its name. */
export const FIND_VERSION = `
  query SlipwayVersion($entity: String!, $project: String!, $type: String!, $model: String!, $version: String!) {
    project(entityName: $entity, name: $project) {
      artifactType(name: $type) {
        artifactCollection(name: $model) {
          artifactMembership(aliasName: $version) {
            versionIndex
            artifact { id }
          }
        }
      }
    }
  }
`;

export const ADD_ALIASES = `
  mutation SlipwayAddAliases($input: AddAliasesInput!) {
    addAliases(input: $input) { success }
  }
`;
