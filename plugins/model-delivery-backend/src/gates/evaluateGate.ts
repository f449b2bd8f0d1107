import {
  GateVerdict,
  Verdict,
} from '@slipway/backstage-plugin-model-delivery-common';
import { intervalsOverlap } from '@slipway/canary-analysis';
import { EvidenceFact } from '../promotions/types';
import { Gate, GateTolerance } from '../policies/types';
import { WithdrawnFact } from '../revocations/types';
import { FactMeasurement } from '../versions/VersionRecord';
import { compileCondition, FactTree } from './condition';
import { explainVerdict } from './explainVerdict';
import { parseFact } from './facts';
import { factsReadBy, judgeByCode } from './judgeByCode';
import { GateKinds } from './kinds/GateKinds';

/** What gates are judged by: the latest measurements of the candidate, and of what serves in production. */
export interface GateFacts {
  candidate: FactMeasurement[];
  /** Undefined while nothing serves in production. */
  production: FactMeasurement[] | undefined;
  /** What had been measured of either and was revoked. */
  withdrawn?: { candidate: WithdrawnFact[]; production: WithdrawnFact[] };
}

/** A measurement as a gate read it. */
export interface GateInput {
  /** Such as `candidate.metrics.f1`. */
  fact: string;
  measurement: FactMeasurement | undefined;
  /** Set when it had been measured, and that was revoked. */
  withdrawn?: WithdrawnFact;
}

/** A gate's verdict and what it rests on. */
export interface GateOutcome {
  verdict: Omit<GateVerdict, 'policy' | 'evidenceDigest'>;
  evidence: EvidenceFact[];
}

/**
 * Judges one gate. Pure: the same facts at the same moment give the same verdict.
 *
 * A required fact that is missing or older than the gate accepts is `no-evidence`, whatever the condition would say, and
 * so is any fact that was revoked; a condition that cannot be worked out is `error`. Nothing is true by absence.
 */
export function evaluateGate(
  gate: Gate,
  facts: GateFacts,
  now: Date,
  kinds: GateKinds,
): GateOutcome {
  const optional = factsReadBy(gate, kinds).filter(
    fact =>
      !gate.requires.includes(fact) &&
      (lookUp(fact, facts) ?? findWithdrawn(fact, facts)) !== undefined,
  );
  const inputs = [...gate.requires, ...optional].map((fact): GateInput => {
    const measurement = lookUp(fact, facts);
    const withdrawn = measurement ? undefined : findWithdrawn(fact, facts);
    return { fact, measurement, ...(withdrawn && { withdrawn }) };
  });
  const judged = judge(gate, facts, inputs, now, kinds);
  return {
    verdict: {
      gate: gate.id,
      title: gate.title,
      stage: gate.stage,
      verdict: judged.verdict,
      blocking: gate.blocking,
      explanation: explainVerdict(gate, judged, inputs, now),
      condition: gate.when,
      inputs: inputs.map(input => toInput(input, gate, now)),
      evaluatedAt: now.toISOString(),
    },
    evidence: inputs.flatMap(({ fact, measurement }) =>
      measurement
        ? [
            {
              fact,
              value: measurement.value,
              low: measurement.interval?.low ?? null,
              high: measurement.interval?.high ?? null,
              source: measurement.evaluation,
            },
          ]
        : [],
    ),
  };
}

/** How a verdict came about. */
export interface Judged {
  verdict: Verdict;
  cause:
    | 'condition-true'
    | 'condition-false'
    | 'within-tolerance'
    | 'missing'
    | 'withdrawn'
    | 'too-old'
    | 'not-computable';
  /** Why it could not be worked out. */
  message?: string;
  /** What the code that judged says, instead of the numbers. */
  said?: string;
}

function judge(
  gate: Gate,
  facts: GateFacts,
  inputs: GateInput[],
  now: Date,
  kinds: GateKinds,
): Judged {
  const required = inputs.filter(input => gate.requires.includes(input.fact));
  if (inputs.some(input => input.withdrawn)) {
    return { verdict: 'no-evidence', cause: 'withdrawn' };
  }
  if (required.some(input => !input.measurement)) {
    return { verdict: 'no-evidence', cause: 'missing' };
  }
  if (required.some(input => isTooOld(input, gate, now))) {
    return { verdict: 'no-evidence', cause: 'too-old' };
  }
  if (gate.kind) {
    return judgeByCode(gate, gate.kind, {
      inputs,
      hasProduction: facts.production !== undefined,
      now,
      kinds,
    });
  }
  const result = compileCondition(gate.when)(read(facts).tree);
  if (result.kind === 'error') {
    return {
      verdict: 'error',
      cause: 'not-computable',
      message: result.message,
    };
  }
  if (result.kind === 'true') {
    return { verdict: 'passed', cause: 'condition-true' };
  }
  if (gate.tolerance && isWithinChance(gate.tolerance, facts)) {
    return { verdict: 'warned', cause: 'within-tolerance' };
  }
  return {
    verdict: gate.blocking ? 'failed' : 'warned',
    cause: 'condition-false',
  };
}

/** Whether a verdict keeps the version out. */
export function blocks({ verdict }: Pick<GateVerdict, 'verdict'>): boolean {
  return !['passed', 'waived', 'warned'].includes(verdict);
}

/** Age of a measurement in whole seconds; one from the future has none. */
export function ageSeconds(measurement: FactMeasurement, now: Date): number {
  return Math.max(
    0,
    Math.floor((now.getTime() - measurement.measuredAt.getTime()) / 1000),
  );
}

/** Whether the gate refuses the measurement for its age. */
export function isTooOld(
  { measurement }: GateInput,
  gate: Pick<Gate, 'maxAgeSeconds'>,
  now: Date,
): boolean {
  return (
    measurement !== undefined &&
    gate.maxAgeSeconds !== null &&
    ageSeconds(measurement, now) > gate.maxAgeSeconds
  );
}

function lookUp(fact: string, facts: GateFacts): FactMeasurement | undefined {
  return read(facts).byFact.get(fact);
}

function findWithdrawn(
  fact: string,
  { withdrawn }: GateFacts,
): WithdrawnFact | undefined {
  const parsed = parseFact(fact);
  if (!parsed) {
    return undefined;
  }
  return parsed.fact === 'production'
    ? withdrawn?.production.find(
        each => each.fact === 'candidate' && each.name === parsed.metric,
      )
    : withdrawn?.candidate.find(
        each => each.fact === parsed.fact && each.name === parsed.metric,
      );
}

/** Facts as they are looked up: by name, and as the tree that conditions read. */
interface ReadFacts {
  byFact: Map<string, FactMeasurement>;
  tree: Partial<FactTree>;
}

/** Facts are read once for all gates of a version, and are not changed after that. */
const readFacts = new WeakMap<GateFacts, ReadFacts>();

function read(facts: GateFacts): ReadFacts {
  const known = readFacts.get(facts);
  if (known) {
    return known;
  }
  const byFact = new Map<string, FactMeasurement>();
  const tree: Partial<FactTree> = {};
  const add = (fact: keyof FactTree, measurement: FactMeasurement) => {
    const { name, value } = measurement;
    const key = `${fact}.metrics.${name}`;
    if (!byFact.has(key)) {
      byFact.set(key, measurement);
    }
    const metrics = (tree[fact] ??= { metrics: {} }).metrics!;
    metrics[name] = value;
  };
  facts.candidate.forEach(each => add(each.fact, each));
  facts.production
    ?.filter(each => each.fact === 'candidate')
    .forEach(each => add('production', each));
  const made = { byFact, tree };
  readFacts.set(facts, made);
  return made;
}

/**
 * Whether the intervals that pipelines reported overlap. They are bootstrapped where the single predictions are; here
 * only their ends are known, and without them nothing is tolerated.
 */
function isWithinChance(
  { metric, against = 'production' }: GateTolerance,
  facts: GateFacts,
): boolean {
  const candidate = lookUp(`candidate.metrics.${metric}`, facts)?.interval;
  const other = lookUp(`${against}.metrics.${metric}`, facts)?.interval;
  return (
    candidate !== undefined &&
    other !== undefined &&
    intervalsOverlap(candidate, other)
  );
}

function toInput(
  { fact, measurement, withdrawn }: GateInput,
  gate: Gate,
  now: Date,
): GateVerdict['inputs'][number] {
  return {
    fact,
    value: measurement?.value ?? null,
    ...(measurement?.interval && { interval: measurement.interval }),
    source: measurement?.evaluation ?? null,
    measuredAt: measurement?.measuredAt.toISOString() ?? null,
    ageSeconds: measurement ? ageSeconds(measurement, now) : null,
    maxAgeSeconds: gate.requires.includes(fact) ? gate.maxAgeSeconds : null,
    ...(withdrawn && { revoked: withdrawn.mark }),
  };
}
