import { createHmac } from 'node:crypto';
import { readWebhook } from './webhook';

const SECRET = 's'.repeat(32);
const NOW = new Date('2026-11-21T10:00:00Z');
const SECONDS = NOW.getTime() / 1_000;

function delivery(
  payload: unknown,
  changes: { id?: string; time?: number | string; secret?: string } = {},
) {
  const { id = 'd-1', time = SECONDS, secret = SECRET } = changes;
  const body = Buffer.from(
    typeof payload === 'string' ? payload : JSON.stringify(payload),
  );
  const signature = `v1,${createHmac('sha256', secret)
    .update(Buffer.concat([Buffer.from(`${id}.${time}.`), body]))
    .digest('base64')}`;
  const headers: Record<string, string> = {
    'x-mlflow-delivery-id': id,
    'x-mlflow-timestamp': String(time),
    'x-mlflow-signature': signature,
  };
  return {
    headers,
    header: (name: string) => headers[name.toLowerCase()],
    body,
    receivedAt: NOW,
  };
}

const created = (data: object, entity = 'model_version') => ({
  entity,
  action: 'created',
  timestamp: NOW.toISOString(),
  data,
});

describe('a webhook of MLflow', () => {
  it.each([
    ['model_version', { name: 'é/🚀 x', version: '3' }, ['3']],
    ['model_version_alias', { name: 'é/🚀 x', version: 3, alias: 'a' }, ['3']],
    ['model_version_alias', { name: 'é/🚀 x', alias: 'a' }, []],
    ['registered_model', { name: 'é/🚀 x' }, []],
  ])('of a %s names what changed', (entity, data, versions) => {
    expect(readWebhook(SECRET, delivery(created(data, entity)))).toEqual({
      id: 'd-1',
      event: `${entity}.created`,
      changed: { model: 'é/🚀 x', versions },
    });
  });

  it('of something else changes no model, and one that names none the registry', () => {
    expect(
      readWebhook(SECRET, delivery(created({ name: 'greeting' }, 'prompt'))),
    ).toMatchObject({ changed: 'nothing' });
    expect(readWebhook(SECRET, delivery(created({})))).toMatchObject({
      changed: 'registry',
    });
  });

  it('is refused when it is not signed with the secret, whatever was changed', () => {
    const good = delivery(created({ name: 'x', version: '1' }));
    const changed = [
      { ...good, body: Buffer.concat([good.body, Buffer.from(' ')]) },
      ...Object.keys(good.headers).flatMap(name => [
        delivered(good, { [name]: undefined }),
        delivered(good, { [name]: `${good.headers[name]}0` }),
        delivered(good, { [name]: '' }),
      ]),
      delivered(good, {
        'x-mlflow-signature': good.headers['x-mlflow-signature'].slice(3),
      }),
      delivery(created({ name: 'x' }), { secret: 'other'.repeat(8) }),
      delivery(created({ name: 'x' }), { time: '1e9' }),
      delivery(created({ name: 'x' }), { id: 'i'.repeat(201) }),
    ];
    changed.forEach(each =>
      expect(() => readWebhook(SECRET, each)).toThrow(
        expect.objectContaining({ name: 'AuthenticationError' }),
      ),
    );
  });

  it('is refused when it was signed more than five minutes from now', () => {
    const at = (time: number) => () =>
      readWebhook(SECRET, delivery(created({ name: 'x' }), { time }));
    expect(at(SECONDS - 300)).not.toThrow();
    expect(at(SECONDS + 300)).not.toThrow();
    expect(at(SECONDS - 301)).toThrow('signed 301 s from now');
    expect(at(SECONDS + 301)).toThrow('signed 301 s from now');
  });

  it.each([
    ['no JSON', 'nonsense', 'The body is not JSON'],
    ['no event', {}, "at 'entity'"],
    [
      'a nameless model',
      created({ name: '' }),
      "The body is not what MLflow sends, at 'data.name'",
    ],
  ])('is refused when it is %s', (_what, payload, message) => {
    expect(() => readWebhook(SECRET, delivery(payload))).toThrow(message);
  });
});

function delivered(
  of: ReturnType<typeof delivery>,
  changes: Record<string, string | undefined>,
) {
  const headers: Record<string, string | undefined> = {
    ...of.headers,
    ...changes,
  };
  return { ...of, header: (name: string) => headers[name] };
}
