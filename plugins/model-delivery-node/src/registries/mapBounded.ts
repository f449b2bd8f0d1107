/** Requests under way at once unless said otherwise. */
const CONCURRENCY = 6;

/**
 * Maps items as `Promise.all` does, with few under way at once: a page of a registry's versions must not be a storm of
 * requests. Keeps the order.
 * @public
 */
export async function mapBounded<T, R>(
  items: readonly T[],
  map: (item: T) => Promise<R>,
  concurrency: number = CONCURRENCY,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(concurrency, items.length) }, async () => {
      while (next < items.length) {
        const index = next++;
        results[index] = await map(items[index]);
      }
    }),
  );
  return results;
}
