import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { MeasurementStore } from './MeasurementStore';
import { mergeSamples, Reservoir } from './reservoir';

const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000);
let directory: string;
let now: number;
let store: MeasurementStore;

const open = () =>
  MeasurementStore.open(directory, {
    retentionMilliseconds: 3_600_000,
    now: () => now,
  });
const record = (seconds: number, failed: boolean, latency?: number) => {
  now = at(seconds).getTime();
  store.record('t', '1', { failed, latency });
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'slipway-measurements-'));
  now = at(0).getTime();
  store = open();
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true, force: true });
});

it('reads exactly what was answered from one second to another, in memory or on disk', () => {
  record(0.999, false, 1);
  record(1, false, 2);
  record(1.5, true, 3);
  record(2.999, true);
  record(3, false, 4);
  const look = () => store.read('t', '1', at(1), at(3));
  const expected = { requests: 3, errors: 2, latencies: [2, 3] };
  expect(look()).toEqual(expected);
  store.close();
  store = open();
  expect(look()).toEqual(expected);
  expect(store.read('t', '2', at(0), at(9))).toEqual({
    requests: 0,
    errors: 0,
    latencies: [],
  });
});

it('goes on with a second that a restart cut in two', () => {
  record(1, false, 10);
  store.close();
  store = open();
  record(1.2, true, 20);
  store.close();
  store = open();
  expect(store.read('t', '1', at(1), at(2))).toEqual({
    requests: 2,
    errors: 1,
    latencies: [10, 20],
  });
});

it('keeps what was predicted as exactly as it came, in a file of before too', () => {
  store.close();
  const old = new Database(join(directory, 'measurements.sqlite'));
  old.exec(`drop table buckets; create table buckets (target text not null,
    version text not null, at integer not null, requests integer not null,
    errors integer not null, answered integer not null, latencies blob not null,
    primary key (target, version, at)) without rowid`);
  old
    .prepare('insert into buckets values (?, ?, ?, 1, 0, 1, ?)')
    .run('t', '1', 1_800_000_000, Buffer.from(Float32Array.of(5).buffer));
  old.close();
  store = open();
  now = at(1).getTime();
  const third = 1 / 3;
  for (const score of [third, undefined, 250_000.01]) {
    store.record('t', '1', { failed: false, latency: 1, score });
  }
  const expected = {
    requests: 4,
    errors: 0,
    latencies: [5, 1, 1, 1],
    scored: 2,
    scores: [third, 250_000.01],
  };
  const look = () => store.read('t', '1', at(0), at(2));
  expect(look()).toEqual(expected);
  for (let i = 0; i < 2; i++) {
    store.close();
    store = open();
    expect(look()).toEqual(expected);
  }
  expect(store.read('t', '1', at(0), at(1))).not.toHaveProperty('scores');
});

it('draws wider buckets from where the interval starts, leaving out the empty ones', () => {
  for (let second = 0; second < 10; second++) record(second, false, second);
  record(31, true);
  expect(store.readSeries('t', '1', at(1), at(60), 5)).toEqual([
    { at: at(1), requests: 5, errors: 0, p50: 3, p95: 4.8 },
    { at: at(6), requests: 4, errors: 0, p50: 7.5, p95: 8.85 },
    { at: at(31), requests: 1, errors: 1, p50: undefined, p95: undefined },
  ]);
});

it('keeps a bounded sample of a busy second and counts all of it', () => {
  for (let i = 0; i < 10_000; i++) record(1, i % 10 === 0, i);
  const { requests, errors, latencies } = store.read('t', '1', at(1), at(2));
  expect({ requests, errors }).toEqual({ requests: 10_000, errors: 1000 });
  expect(latencies).toHaveLength(200);
  const mean = latencies.reduce((sum, v) => sum + v, 0) / 200;
  expect(mean).toBeGreaterThan(4000);
  expect(mean).toBeLessThan(6000);
});

it('samples quiet and busy parts alike', () => {
  const busy = new Reservoir(200, Math.random);
  for (let i = 0; i < 20_000; i++) busy.add(1);
  const quiet = Array(2000).fill(0);
  const merged = mergeSamples(
    [
      { size: 20_000, sample: busy.values },
      ...quiet.map(() => ({ size: 1, sample: [0] })),
    ],
    5000,
    Math.random,
  );
  const share = merged.filter(v => v === 1).length / merged.length;
  // One in eleven of the population is from the quiet part
  expect(share).toBeGreaterThan(0.82);
  expect(share).toBeLessThan(0.98);
});
