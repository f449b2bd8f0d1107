import {
  FakeAnswer,
  FakeRequest,
  FakeService,
} from '@slipway/backstage-plugin-model-delivery-node/testUtils';

type Json = Record<string, unknown>;

/** What SageMaker does that moto does not: it finds versions by the time of their change, and throttles. */
export class FakeSagemaker extends FakeService {
  /** As DescribeModelPackage gives them, times in seconds since 1970. */
  readonly packages: (Json & {
    ModelPackageArn: string;
    ModelPackageGroupName: string;
    CreationTime: number;
    LastModifiedTime?: number;
  })[] = [];
  readonly requests: { action: string; body: Json }[] = [];

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

  protected received(request: FakeRequest) {
    this.requests.push(parse(request));
  }

  protected answer(request: FakeRequest): FakeAnswer {
    const { action, body } = parse(request);
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

function parse({ headers, body }: FakeRequest) {
  const action = String(headers['x-amz-target']).split('.')[1];
  return { action, body: JSON.parse(body) as Json };
}

function page(found: Json[], { MaxResults, NextToken }: Json) {
  const from = Number(NextToken ?? 0);
  const end = from + Number(MaxResults);
  return {
    items: found.slice(from, end),
    ...(end < found.length && { NextToken: String(end) }),
  };
}
