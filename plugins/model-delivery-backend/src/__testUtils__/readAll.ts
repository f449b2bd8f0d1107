import request from 'supertest';

interface Page<T> {
  items: T[];
  nextCursor?: string;
}

/** Every item of a list, read page by page. */
export async function readAll<T>(
  api: { get(path: string): request.Test },
  path: string,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined = '';
  while (cursor !== undefined) {
    const joint = path.includes('?') ? '&' : '?';
    const response: { body: Page<T> } = await api
      .get(`${path}${cursor && `${joint}cursor=${cursor}`}`)
      .expect(200);
    items.push(...response.body.items);
    cursor = response.body.nextCursor;
  }
  return items;
}
