import { Handlers } from '../http/operations';
import { modelRefOf } from '../models/ModelRecord';
import { VersionsService } from './VersionsService';

/** Answers the operations on versions. */
export function createVersionHandlers(
  versions: VersionsService,
): Pick<
  Handlers,
  'listVersions' | 'registerVersion' | 'getVersion' | 'getVersionChanges'
> {
  return {
    listVersions: async ({ path, query, principal }) => ({
      status: 200,
      body: await versions.list(principal, modelRefOf(path), {
        ...query,
        limit: query.limit ?? 50,
      }),
    }),
    registerVersion: async ({ path, body, principal }) => {
      const { version, created } = await versions.register(
        principal,
        modelRefOf(path),
        body,
      );
      return { status: created ? 201 : 200, body: version };
    },
    getVersion: async ({ path, principal }) => ({
      status: 200,
      body: await versions.get(principal, modelRefOf(path), path.version),
    }),
    getVersionChanges: async ({ path, query, principal }) => ({
      status: 200,
      body: await versions.changes(
        principal,
        modelRefOf(path),
        path.version,
        query.against,
      ),
    }),
  };
}
