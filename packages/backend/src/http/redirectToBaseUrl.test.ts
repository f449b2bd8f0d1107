import express from 'express';
import request from 'supertest';
import { redirectToBaseUrl } from './redirectToBaseUrl';

describe('opening the portal by another name of the loopback', () => {
  const open = async (
    baseUrl: string,
    path: string,
    { host = 'localhost:7007', accept = 'text/html' } = {},
  ) => {
    const app = express()
      .use(redirectToBaseUrl(baseUrl))
      .use((_, response) => response.send('the portal'));
    const answer = await request(app)
      .get(path)
      .set('host', host)
      .set('accept', accept);
    return answer.headers.location ?? answer.text;
  };

  it('leads pages to the address that the portal is configured with', async () => {
    const base = 'http://127.0.0.1:7007';
    expect(await open(base, '/models?risk=high')).toBe(
      'http://127.0.0.1:7007/models?risk=high',
    );
    expect(await open(base, '//elsewhere.example/')).toBe(
      'http://127.0.0.1:7007//elsewhere.example/',
    );
    expect(await open(base, '/models', { host: '127.0.0.1:7007' })).toBe(
      'the portal',
    );
  });

  it('leaves programs alone', async () => {
    const base = 'http://127.0.0.1:7007';
    expect(await open(base, '/api/model-delivery/models')).toBe('the portal');
    expect(await open(base, '/models', { accept: '*/*' })).toBe('the portal');
  });

  it('leaves a portal alone that has a name of its own', async () => {
    const base = 'https://portal.example.com';
    expect(await open(base, '/models')).toBe('the portal');
    expect(await open(base, '/models', { host: '127.0.0.1' })).toBe(
      'the portal',
    );
  });
});
