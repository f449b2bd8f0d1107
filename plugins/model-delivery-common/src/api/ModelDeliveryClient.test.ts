import { createModelDeliveryClient, dataOf } from './ModelDeliveryClient';

describe('createModelDeliveryClient', () => {
  it('sends a body through fetch functions that look at their input more than once', async () => {
    const bodies: string[] = [];
    const client = createModelDeliveryClient({
      baseUrl: async () => 'http://portal.example/api/model-delivery',
      // As Backstage's fetch API does: each of its middlewares makes a request of the same input.
      fetch: async (input, init) => {
        expect(new Request(input, init).url).toBe(
          'http://portal.example/api/model-delivery/promotions/7/transitions',
        );
        bodies.push(await new Request(input, init).text());
        return Response.json({ id: '7' });
      },
    });
    const promotion = dataOf(
      await client.POST('/promotions/{id}/transitions', {
        params: { path: { id: '7' } },
        body: { event: 'pause', revision: 3 },
      }),
    );
    expect(promotion.id).toBe('7');
    expect(bodies).toEqual(['{"event":"pause","revision":3}']);
  });

  it('throws the reason of a refusal', async () => {
    const client = createModelDeliveryClient({
      baseUrl: async () => 'http://portal.example/api/model-delivery',
      fetch: async () =>
        Response.json(
          {
            error: { name: 'ConflictError', message: 'It has moved on' },
            response: { statusCode: 409 },
          },
          { status: 409 },
        ),
    });
    await expect(
      client.GET('/promotions/{id}', { params: { path: { id: '7' } } }),
    ).rejects.toMatchObject({
      statusCode: 409,
      body: { error: { message: 'It has moved on' } },
    });
  });
});
