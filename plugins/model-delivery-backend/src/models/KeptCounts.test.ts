import { KeptCounts } from './KeptCounts';

describe('KeptCounts', () => {
  it('works out anew each time among few models', async () => {
    const counts = new KeptCounts(() => 0);
    counts.tellModels(2_000);
    const work = jest.fn(async () => 1);
    await counts.get('all', work);
    await counts.get('all', work);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('gives among many the same answer for five seconds, and no refusal twice', async () => {
    let now = 0;
    const counts = new KeptCounts(() => now);
    counts.tellModels(10_000);
    // Somebody who may see few does not change that
    counts.tellModels(3);
    let answer = 1;
    const work = jest.fn(async () => answer++);
    expect(
      await Promise.all([counts.get('all', work), counts.get('all', work)]),
    ).toEqual([1, 1]);
    now = 4_999;
    expect(await counts.get('all', work)).toBe(1);
    expect(await counts.get('another', work)).toBe(2);
    now = 5_000;
    expect(await counts.get('all', work)).toBe(3);

    const failing = async () => {
      throw new Error('The database is being moved');
    };
    await expect(counts.get('new', failing)).rejects.toThrow('being moved');
    expect(await counts.get('new', work)).toBe(4);
  });

  it('keeps no more answers than it may', async () => {
    const counts = new KeptCounts(() => 0);
    counts.tellModels(10_000);
    for (let question = 0; question <= 500; question++) {
      await counts.get(String(question), async () => 'first');
    }
    expect(await counts.get('500', async () => 'second')).toBe('first');
    expect(await counts.get('0', async () => 'second')).toBe('second');
  });
});
