import { buildSchema } from 'graphql';

const COLLECTION = `
  name: String!
  description: String
  createdAt: DateTime!
  updatedAt: DateTime
  tags(after: String, first: Int): TagConnection!
  artifacts(after: String, first: Int, order: String, filters: JSONString): VersionedArtifactConnection
  artifactMembership(aliasName: String!): ArtifactCollectionMembership
  artifactMemberships(after: String, before: String, first: Int, last: Int): ArtifactCollectionMembershipConnection!
`;

/**
 * The part of the API's schema that is used, as Weights & Biases' published clients know it: the names, arguments and types of
 * fields, and which may be null.
 */
export const PUBLISHED = buildSchema(`
  scalar DateTime
  scalar JSONString

  type Query {
    project(name: String, entityName: String): Project
  }
  type Mutation {
    addAliases(input: AddAliasesInput!): AddAliasesPayload
  }

  type Project {
    name: String!
    entityName: String!
    artifactType(name: String!): ArtifactType
  }
  type ArtifactType {
    name: String!
    artifactCollection(name: String!): ArtifactCollection
    artifactCollections(
      after: String, before: String, first: Int, last: Int, order: String, filters: JSONString
    ): ArtifactCollectionConnection
  }

  interface ArtifactCollection {${COLLECTION}}
  type ArtifactPortfolio implements ArtifactCollection {${COLLECTION}}
  type ArtifactSequence {
    name: String!
    project: Project!
  }

  type ArtifactCollectionMembership {
    id: ID!
    versionIndex: Int
    createdAt: DateTime!
    aliases: [ArtifactAlias!]!
    artifact: Artifact
  }
  type Artifact {
    id: ID!
    digest: String!
    state: ArtifactState!
    description: String
    metadata: JSONString
    createdAt: DateTime!
    updatedAt: DateTime
    versionIndex: Int
    tags: [Tag!]!
    artifactType: ArtifactType!
    artifactSequence: ArtifactSequence!
    createdBy: Initiator
  }
  enum ArtifactState { COMMITTED DELETED PENDING }
  type ArtifactAlias { alias: String! }
  type Tag { name: String! }

  union Initiator = Run | User
  type User { username: String }
  type Run {
    name: String!
    commit: String
    config(keys: [String!]): JSONString
    summaryMetrics(keys: [String!]): JSONString
    user: User
    project: Project
    inputArtifacts(after: String, first: Int): InputArtifactConnection
  }

  type PageInfo { hasNextPage: Boolean!, endCursor: String }
  type ArtifactCollectionConnection { pageInfo: PageInfo!, edges: [ArtifactCollectionEdge!]! }
  type ArtifactCollectionEdge { cursor: String!, node: ArtifactCollection }
  type ArtifactCollectionMembershipConnection { pageInfo: PageInfo!, edges: [ArtifactCollectionMembershipEdge!]! }
  type ArtifactCollectionMembershipEdge { cursor: String!, node: ArtifactCollectionMembership }
  type VersionedArtifactConnection { totalCount: Int! }
  type TagConnection { pageInfo: PageInfo!, edges: [TagEdge!]! }
  type TagEdge { cursor: String!, node: Tag! }
  type InputArtifactConnection { pageInfo: PageInfo!, edges: [InputArtifactEdge!]! }
  type InputArtifactEdge { cursor: String!, node: Artifact }

  input AddAliasesInput {
    artifactID: ID!
    aliases: [ArtifactCollectionAliasInput!]!
  }
  input ArtifactCollectionAliasInput {
    entityName: String!
    projectName: String!
    artifactCollectionName: String!
    alias: String!
  }
  type AddAliasesPayload { success: Boolean! }
`);
