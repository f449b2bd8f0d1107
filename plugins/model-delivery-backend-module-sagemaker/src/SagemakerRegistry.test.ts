import { ConfigReader } from '@backstage/config';
import { readAll } from '@slipway/backstage-plugin-model-delivery-node/testUtils';
import { FakeSagemaker } from './__testUtils__/FakeSagemaker';
import { readSagemakerConnections } from './config';
import { SagemakerRegistry } from './SagemakerRegistry';

// The contract is kept with moto, in test/peers; here is what moto does not do
const START = 1_790_000_000;
const SECRET = 'nobody may see this';

let sagemaker: FakeSagemaker;
beforeEach(async () => {
  sagemaker = await FakeSagemaker.start();
});
afterEach(() => sagemaker.stop());

function connect(settings: object = {}) {
  return new SagemakerRegistry(
    readSagemakerConnections(
      new ConfigReader({
        modelDelivery: {
          sagemaker: {
            main: {
              region: 'eu-west-1',
              endpoint: sagemaker.url,
              attempts: 2,
              ...settings,
            },
          },
        },
      }),
    )[0],
    async () => ({ accessKeyId: 'AKIA', secretAccessKey: SECRET }),
    () => START * 1_000,
  );
}

it('finds what was changed in place, by the time of the change and in pages', async () => {
  const items = Array.from({ length: 130 }, (_, index) =>
    sagemaker.add('churn', index + 1, START + index),
  );
  const registry = connect();
  const first = await readAll(registry);
  expect(first.versions).toHaveLength(130);

  items.slice(0, 120).forEach(item =>
    Object.assign(item, {
      LastModifiedTime: START + 500.25,
      ModelApprovalStatus: 'Approved',
      ModelLifeCycle: { Stage: 'Production', StageStatus: 'Live' },
    }),
  );
  const asked = sagemaker.requests.length;
  const second = await readAll(registry, first.cursor);
  expect(second.versions).toHaveLength(120);
  expect(second.versions[0]).toMatchObject({
    version: '1',
    updatedAt: new Date((START + 500.25) * 1_000),
    tags: {
      team: 'crm',
      'sagemaker.ModelApprovalStatus': 'Approved',
      'sagemaker.ModelLifeCycle.Stage': 'Production',
      'sagemaker.ModelLifeCycle.StageStatus': 'Live',
    },
  });
  // Two pages of each list, and the tags of one group: none for each version
  expect(sagemaker.requests.length - asked).toBeLessThanOrEqual(6);
  expect((await readAll(registry, second.cursor)).versions).toEqual([]);
});

it('goes on by time when the token of an interrupted reading is not known any more', async () => {
  Array.from({ length: 130 }, (_, index) =>
    sagemaker.add('churn', index + 1, START + index),
  );
  let cursor: string | undefined;
  const read = new Set<string>();
  for await (const page of connect().readChanges({})) {
    page.versions.forEach(({ version }) => read.add(version));
    cursor = page.cursor;
    break;
  }
  const rejected = { __type: 'ValidationException', message: 'Invalid token' };
  sagemaker.failures.push({ status: 400, body: rejected });
  sagemaker.requests.length = 0;
  const rest = await readAll(connect(), cursor);
  rest.versions.forEach(({ version }) => read.add(version));
  expect(read.size).toBe(130);
  expect(
    sagemaker.requests.filter(({ action }) => action === 'ListModelPackages')[1]
      .body,
  ).toMatchObject({ CreationTimeAfter: START + 98 });
});

it('leaves out a version that is deleted while it is read', async () => {
  sagemaker.add('churn', 1, START);
  sagemaker.add('churn', 2, START + 1);
  sagemaker.requests.length = 0;
  sagemaker.failures.push(
    { body: { ModelPackageSummaryList: [sagemaker.packages[1]] } },
    { body: { ModelPackageSummaryList: sagemaker.packages } },
    {
      status: 400,
      body: {
        __type: 'ValidationException',
        message: 'ModelPackage arn:x does not exist.',
      },
    },
  );
  const pages = connect().readChanges({});
  const { value } = await pages.next();
  expect(value!.versions).toHaveLength(1);
});

describe('trouble', () => {
  const throttled = {
    status: 400,
    body: { __type: 'ThrottlingException', message: 'Rate exceeded' },
  };

  it('being throttled is waited out, within a number of attempts', async () => {
    sagemaker.add('churn', 1, START);
    sagemaker.failures.push(throttled);
    expect((await readAll(connect())).versions).toHaveLength(1);
    sagemaker.failures.push(throttled, throttled);
    await expect(readAll(connect())).rejects.toMatchObject({
      trouble: 'unreachable',
      message: expect.stringContaining(
        'still throttled ListModelPackages at the 2. attempt',
      ),
    });
  });

  it.each([
    [
      'UnrecognizedClientException',
      400,
      'refused',
      /'main' .*refused the AWS credentials \(UnrecognizedClientException\)/,
    ],
    [
      'AccessDeniedException',
      400,
      'refused',
      /does not allow sagemaker:ListModelPackages .*: not you/,
    ],
    ['ValidationException', 400, 'rejected', /rejected ListModelPackages/],
    ['InternalFailure', 500, 'unreachable', /failed \(500, InternalFailure\)/],
  ])('%s', async (type, status, trouble, message) => {
    const failure = { status, body: { __type: type, message: 'not you' } };
    sagemaker.failures.push(failure, failure);
    const error = await readAll(connect()).catch(e => e);
    expect(error).toMatchObject({
      trouble,
      message: expect.stringMatching(message),
    });
    expect(error.message).not.toContain(SECRET);
  });

  it.each([
    ['<html>Please sign in</html>', /something that is no answer/],
    [{ ModelPackageSummaryList: 7 }, /nonsense|no answer/],
    [
      { ModelPackageSummaryList: [{ ModelPackageArn: 'arn' }] },
      /nonsense at 'ModelPackageSummaryList.0.CreationTime'/,
    ],
  ])('%j', async (body, message) => {
    sagemaker.failures.push({ body });
    await expect(readAll(connect())).rejects.toMatchObject({
      trouble: 'malformed',
      message: expect.stringMatching(message),
    });
  });
});

it.each([
  [{ region: 'evil.example.com/' }, /main.region: 'evil.example.com\/' is not/],
  [{ accountId: '12' }, /accountId: '12' is not an account's number/],
  [{ attempts: 0 }, /attempts must be a whole number/],
  [{ endpoint: 'https://a:b@host' }, /endpoint must not contain credentials/],
])('refuses the settings %j', (settings, message) => {
  expect(() => connect(settings)).toThrow(message);
});
