import { celEnv, parse, plan } from '@bufbuild/cel';
import { evaluateGate } from '../../../plugins/model-delivery-backend/src/gates/evaluateGate';
import { GateKinds } from '../../../plugins/model-delivery-backend/src/gates/kinds/GateKinds';
import { Gate } from '../../../plugins/model-delivery-backend/src/policies/types';
import { FactMeasurement } from '../../../plugins/model-delivery-backend/src/versions/VersionRecord';

const GATES = 20;
/** Versions judged in one measurement. */
const BATCH = 200;
const ROUNDS = 60;
const WARM_UP = 15;

const now = new Date('2026-11-21T12:00:00Z');
const kinds = new GateKinds();
const METRICS = Array.from({ length: GATES }, (_, index) => `metric_${index}`);

const measured = (name: string, value: number): FactMeasurement => ({
  fact: 'candidate',
  name,
  value,
  interval: { low: value - 0.01, high: value + 0.01, level: 0.95 },
  measuredAt: new Date('2026-11-21T09:00:00Z'),
  evaluation: 'evaluation-1',
  source: 'pytest',
});

// As those of the built-in policies: one threshold, a comparison with production, or both
const gates: Gate[] = METRICS.map((name, index) => ({
  id: `gate-${index}`,
  title: `The metric ${index} is good enough`,
  description: '',
  stage: 'evaluation',
  requires: [`candidate.metrics.${name}`],
  when:
    index % 2 === 0
      ? `candidate.metrics.${name} >= 0.8`
      : `!has(production.metrics) || candidate.metrics.${name} >= production.metrics.${name} - 0.01`,
  maxAgeSeconds: 86_400,
  blocking: true,
}));
const versions = Array.from({ length: BATCH }, (_, version) => ({
  candidate: METRICS.map(name => measured(name, 0.85 + version / 10_000)),
  production: METRICS.map(name => measured(name, 0.85)),
}));

const environment = celEnv();
const conditions = gates.map(({ when }) => plan(environment, parse(when)));
const trees = versions.map(({ candidate, production }) => {
  const metrics = (of: FactMeasurement[]) => ({
    metrics: Object.fromEntries(of.map(({ name, value }) => [name, value])),
  });
  return { candidate: metrics(candidate), production: metrics(production) };
});

function bare(): number {
  let passed = 0;
  for (const tree of trees) {
    for (const condition of conditions) {
      passed += condition(tree) === true ? 1 : 0;
    }
  }
  return passed;
}

function whole(): number {
  let passed = 0;
  for (const facts of versions) {
    for (const gate of gates) {
      passed +=
        evaluateGate(gate, facts, now, kinds).verdict.verdict === 'passed'
          ? 1
          : 0;
    }
  }
  return passed;
}

const median = (values: number[]) =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
const times = { bare: [] as number[], whole: [] as number[] };
for (let round = -WARM_UP; round < ROUNDS; round++) {
  for (const [name, run] of [
    ['bare', bare],
    ['whole', whole],
  ] as const) {
    const begun = performance.now();
    if (run() !== BATCH * GATES) {
      throw new Error(`${name}: not every gate passed`);
    }
    if (round >= 0) {
      times[name].push(((performance.now() - begun) / BATCH) * 1000);
    }
  }
}
const [one, other] = [median(times.bare), median(times.whole)];
process.stdout.write(
  `${GATES} gates of a version, median of ${ROUNDS} rounds of ${BATCH} versions\n` +
    `  bare CEL        ${one.toFixed(1)} µs\n` +
    `  with verdicts   ${other.toFixed(1)} µs\n` +
    `  ratio           ${(other / one).toFixed(2)}\n`,
);
