import { DeployerOperation, OperationCall } from './DeployerOperations';

/** A row of `deployer_operations`. */
export interface OperationRow {
  id: number | string;
  deployer: string;
  key: string;
  kind: 'prepare' | 'setTraffic' | 'release';
  model: string;
  environment: string;
  version: string | null;
  request: string;
  state: 'pending' | 'done' | 'failed';
  message: string | null;
  notes: string;
  unsettled: boolean | number;
  claim: string | null;
  claimed_until: Date | number | string | null;
  started_at: Date | number | string;
  finished_at: Date | number | string | null;
}

/** An operation as the deployer sees it. */
export function toOperation(row: OperationRow): DeployerOperation {
  const { model, environment, request } = JSON.parse(row.request);
  return {
    key: row.key,
    target: { model, environment },
    request,
    notes: JSON.parse(row.notes),
    startedAt: new Date(row.started_at),
  };
}

/** The columns by which rows of a target are found. */
export function targetColumns(
  deployer: string,
  { model, environment }: OperationCall['target'],
) {
  return { deployer, model: model.toLocaleLowerCase('en-US'), environment };
}

/** The version that a request is about; null for a division of traffic. */
export function versionOf({ request }: OperationCall): string | null {
  switch (request.kind) {
    case 'prepare':
      return request.version.version;
    case 'release':
      return request.version;
    default:
      return null;
  }
}

/** A request in a form in which the same request is always the same text. */
export function requestText({ target, request }: OperationCall): string {
  const { model, environment } = target;
  if (request.kind === 'setTraffic') {
    const shares = request.shares
      .map(({ version, share }) => ({ version, share }))
      .sort((a, b) => (a.version < b.version ? -1 : 1));
    return JSON.stringify({
      model,
      environment,
      request: { ...request, shares },
    });
  }
  if (request.kind === 'prepare') {
    const { parameters, configuration, baseModel, ...named } = request.version;
    const { version, digest, artifactUri, artifactDigest } = named;
    return JSON.stringify({
      model,
      environment,
      request: {
        kind: request.kind,
        version: {
          version,
          digest,
          artifactUri,
          artifactDigest,
          parameters: Object.fromEntries(Object.entries(parameters).sort()),
          ...(configuration && {
            configuration: configuration
              .map(part => ({ name: part.name, digest: part.digest }))
              .sort((one, other) => (one.name < other.name ? -1 : 1)),
          }),
          ...(baseModel && { baseModel }),
        },
      },
    });
  }
  return JSON.stringify({ model, environment, request });
}
