import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import path from 'node:path';
import { parse } from 'yaml';

const CONTRACT = path.resolve(
  __dirname,
  '../../plugins/model-delivery-backend/src/schema/openapi.yaml',
);

/** What the API's contract says of the bodies that pipelines send. */
const SCHEMAS: [RegExp, string][] = [
  [/^PUT .*\/runs\/[^/]+$/, 'PipelineRunReport'],
  [/^POST .*\/versions$/, 'VersionRegistration'],
  [/^POST .*\/versions\/[^/]+\/evaluations$/, 'EvaluationReport'],
];

/** One request that was recorded. */
export interface RecordedRequest {
  /** Method and path. */
  line: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what was sent is looked at freely
  body: any;
  authorization?: string;
  /** Where the body breaks the contract. */
  mistakes: string[];
}

/** A server that takes everything a pipeline reports, and checks it against the API's contract. */
export interface RecordingPortal {
  url: string;
  requests: RecordedRequest[];
  stop(): Promise<void>;
}

/** Starts one on a free port. */
export async function startRecordingPortal(): Promise<RecordingPortal> {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema(
    parse(await readFile(CONTRACT, 'utf8'), { merge: true }),
    'contract',
  );
  const requests: RecordedRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const line = `${request.method} ${request.url}`;
    const [, schema] = SCHEMAS.find(([pattern]) => pattern.test(line)) ?? [];
    const validate =
      schema && ajv.getSchema(`contract#/components/schemas/${schema}`);
    const mistakes: string[] = [];
    if (!validate) {
      mistakes.push('the contract has no such operation');
    } else if (!validate(body)) {
      mistakes.push(ajv.errorsText(validate.errors));
    }
    requests.push({
      line,
      body,
      authorization: request.headers.authorization,
      mistakes,
    });
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
