import { KeptCounts } from './KeptCounts';

describe('KeptCounts', () => {
  let now = 0;
  let changed: Date | null = null;
  const lastChange = jest.fn(async () => changed);
  const startCounts = (models: number) => {
    now = 1_000_000;
    changed = null;
    const counts = new KeptCounts({
      lastChange,
      now: () => new Date(now),
      clock: () => now,
    });
    counts.tellModels(models);
    return counts;
  };

  it('works out anew each time among few models', async () => {
    const counts = startCounts(2_000);
    const work = jest.fn(async () => 1);
    await counts.get('all', work);
    await counts.get('all', work);
    expect(work).toHaveBeenCalledTimes(2);
    expect(lastChange).not.toHaveBeenCalled();
  });

  it('gives among many the same answer while none changes, for a minute at most, and no refusal twice', async () => {
    const counts = startCounts(10_000);
    // Somebody who may see few does not change that
    counts.tellModels(3);
    let answer = 1;
    const work = jest.fn(async () => answer++);
    expect(
      await Promise.all([counts.get('all', work), counts.get('all', work)]),
    ).toEqual([1, 1]);
    now += 59_999;
    expect(await counts.get('all', work)).toBe(1);
    expect(await counts.get('another', work)).toBe(2);
    now += 1;
    expect(await counts.get('all', work)).toBe(3);

    const failing = async () => {
      throw new Error('The database is being moved');
    };
    await expect(counts.get('new', failing)).rejects.toThrow('being moved');
    expect(await counts.get('new', work)).toBe(4);
  });

  it('sees a change within five seconds, and counts anew until nothing else can have been committed before it', async () => {
    const counts = startCounts(10_000);
    let answer = 1;
    const work = async () => answer++;
    expect(await counts.get('all', work)).toBe(1);
    changed = new Date(now + 1);
    now += 4_999;
    expect(await counts.get('all', work)).toBe(1);
    now += 1;
    expect(await counts.get('all', work)).toBe(2);
    now += 5_000;
    expect(await counts.get('all', work)).toBe(3);
    now += 5_000;
    expect(await counts.get('all', work)).toBe(4);
    now += 5_000;
    expect(await counts.get('all', work)).toBe(4);
  });

  it('keeps no more answers than it may', async () => {
    const counts = startCounts(10_000);
    for (let question = 0; question <= 500; question++) {
      await counts.get(String(question), async () => 'first');
    }
    expect(await counts.get('500', async () => 'second')).toBe('first');
    expect(await counts.get('0', async () => 'second')).toBe('second');
  });
});
