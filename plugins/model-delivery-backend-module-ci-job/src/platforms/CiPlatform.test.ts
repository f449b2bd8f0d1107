import { assertStatus, CiAnswerError, mayPass } from './CiPlatform';

function refuse(status: number, headers: Record<string, string> = {}) {
  try {
    assertStatus(
      'GitHub',
      'run deploy.yml',
      {
        status,
        headers: new Headers(headers),
        json: { message: 'no\n way' },
        text: '',
      },
      [204],
    );
  } catch (error) {
    return error as CiAnswerError;
  }
  throw new Error('It was taken for what was asked for');
}

it('quotes what the platform said', () => {
  expect(refuse(422).message).toBe(
    'GitHub answered with status 422 when asked to run deploy.yml: no way',
  );
});

it.each([
  // status, headers, whether nothing was done, whether it may pass
  [401, {}, true, false],
  [403, {}, true, false],
  [403, { 'x-ratelimit-remaining': '0' }, true, true],
  [403, { 'retry-after': '60' }, true, true],
  [404, {}, true, false],
  [408, {}, false, true],
  [422, {}, true, false],
  [429, {}, true, true],
  [500, {}, false, true],
  [302, {}, false, false],
])('knows what %d with %j means', (status, headers, didNothing, passes) => {
  const error = refuse(status, headers as Record<string, string>);
  expect(error.didNothing).toBe(didNothing);
  expect(mayPass(error)).toBe(passes);
});
