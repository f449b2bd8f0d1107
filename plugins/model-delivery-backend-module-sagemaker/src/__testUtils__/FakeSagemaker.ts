import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';

type Json = Record<string, unknown>;

/** What a request is answered with: a status and a body as the API's JSON protocol has them. */
export interface SagemakerAnswer {
  status?: number;
  body: Json | string;
}

/** What SageMaker does that moto does not: it finds versions by the time of their change, and throttles. */
export class FakeSagemaker {
  /** As DescribeModelPackage gives them, times in seconds since 1970. */
  readonly packages: (Json & {
    ModelPackageArn: string;
    ModelPackageGroupName: string;
    CreationTime: number;
    LastModifiedTime?: number;
  })[] = [];
  readonly requests: { action: string; body: Json }[] = [];
  /** Answers instead of the usual, once for each. */
  readonly failures: SagemakerAnswer[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((req, res) => this.#answer(req, res));
  }

  static async start(): Promise<FakeSagemaker> {
    const fake = new FakeSagemaker();
    await new Promise<void>(resolve =>
      fake.#server.listen(0, '127.0.0.1', resolve),
    );
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  add(group: string, version: number, at: number, more: Json = {}) {
    const item = {
      ModelPackageArn: `arn:aws:sagemaker:eu-west-1:123456789012:model-package/${group}/${version}`,
      ModelPackageGroupName: group,
      ModelPackageVersion: version,
      CreationTime: at,
      ...more,
    };
    this.packages.push(item);
    return item;
  }

  async #answer(req: IncomingMessage, res: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of req) {
      chunks.push(chunk);
    }
    const action = String(req.headers['x-amz-target']).split('.')[1];
    const body = JSON.parse(Buffer.concat(chunks).toString());
    this.requests.push({ action, body });
    const answer = this.failures.shift() ?? this.#usual(action, body);
    res.writeHead(answer.status ?? 200, {
      'content-type': 'application/x-amz-json-1.1',
    });
    res.end(
      typeof answer.body === 'string'
        ? answer.body
        : JSON.stringify(answer.body),
    );
  }

  #usual(action: string, body: Json): SagemakerAnswer {
    switch (action) {
      case 'ListModelPackages': {
        const after = Number(body.CreationTimeAfter ?? 0);
        const sign = body.SortOrder === 'Descending' ? -1 : 1;
        const found = this.packages
          .filter(({ CreationTime: at }) => at > after)
          .sort((a, b) => sign * (a.CreationTime - b.CreationTime));
        const { items, ...more } = page(found, body);
        return { body: { ModelPackageSummaryList: items, ...more } };
      }
      case 'Search': {
        const [{ Value }] = (body.SearchExpression as any).Filters;
        const since = Date.parse(Value) / 1_000;
        const found = this.packages
          .filter(({ LastModifiedTime: at }) => at !== undefined && at >= since)
          .sort((a, b) => a.LastModifiedTime! - b.LastModifiedTime!);
        const { items, ...more } = page(found, body);
        return {
          body: {
            Results: items.map(ModelPackage => ({ ModelPackage })),
            ...more,
          },
        };
      }
      case 'DescribeModelPackage': {
        const found = this.packages.find(
          ({ ModelPackageArn: arn }) => arn === body.ModelPackageName,
        );
        return found
          ? { body: found }
          : {
              status: 400,
              body: {
                __type: 'ValidationException',
                message: `ModelPackage ${body.ModelPackageName} does not exist.`,
              },
            };
      }
      case 'DescribeModelPackageGroup':
        return {
          body: {
            ModelPackageGroupName: body.ModelPackageGroupName,
            ModelPackageGroupArn: `arn:aws:sagemaker:eu-west-1:123456789012:model-package-group/${body.ModelPackageGroupName}`,
          },
        };
      default:
        return { body: { Tags: [{ Key: 'team', Value: 'crm' }] } };
    }
  }
}

function page(found: Json[], { MaxResults, NextToken }: Json) {
  const from = Number(NextToken ?? 0);
  const end = from + Number(MaxResults);
  return {
    items: found.slice(from, end),
    ...(end < found.length && { NextToken: String(end) }),
  };
}
