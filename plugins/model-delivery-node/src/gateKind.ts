/**
 * Stages of a pipeline, by which gates are grouped.
 * @public
 */
export type GateStage =
  | 'code-validation'
  | 'data-validation'
  | 'training'
  | 'evaluation'
  | 'registration'
  | 'staging-validation'
  | 'production-deployment';

/**
 * What a parameter of a gate kind may be, in the words of JSON Schema. A parameter without `default` has to be given.
 * @public
 */
export interface GateParameterSchema {
  type: 'number' | 'integer' | 'string' | 'boolean';
  /** What it is, in one line. */
  description: string;
  default?: number | string | boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  /** Regular expression that a string has to match as a whole. */
  pattern?: string;
  enum?: string[];
  /** How people are told a number: `share` as percent (0.05 is `5 %`), anything else after it, such as `ms` or `days`. */
  unit?: string;
}

/**
 * Parameters of one gate, complete and valid.
 * @public
 */
export type GateParameters = Readonly<
  Record<string, number | string | boolean>
>;

/**
 * What all gate kinds have. A policy refers to a kind by its name, with parameters, and may give the gate another title,
 * stage or age:
 *
 * ```yaml
 * gates:
 *   - id: fair
 *     use: demographic-parity
 *     with: { below: 0.03 }
 * ```
 *
 * In `title`, `description`, `requires`, `reads` and `when`, `{name}` stands for a parameter.
 * @public
 */
export interface GateKindBase {
  /** Lower-case words joined by hyphens; unique, also among the kinds that come with the engine. */
  readonly id: string;
  /** A sentence that is true when such a gate passes: `Tests cover at least {atLeast} of the code`. */
  readonly title: string;
  /** What it guards against, in a sentence or two. */
  readonly description?: string;
  readonly stage: GateStage;
  /** By name. No others may be given. */
  readonly parameters?: Readonly<Record<string, GateParameterSchema>>;
  /** Facts without which there is no verdict but `no-evidence`: `candidate.metrics.f1`. */
  readonly requires: readonly string[];
  /** Oldest evidence that it accepts, such as `30d`; any age unless set. */
  readonly maxAge?: string;
  /** For each fact that it speaks of, what a pipeline has to measure, in one line. */
  readonly evidence?: Readonly<Record<string, string>>;
}

/**
 * A gate kind that is a condition: nothing but data. Judged, explained and compared as conditions of policies are.
 * @public
 */
export interface ConditionGateKind extends GateKindBase {
  /** CEL over the facts that it requires, and those of `production`. */
  readonly when: string;
  /** Lets through with a warning while the bootstrapped intervals of both sides overlap. */
  readonly tolerance?: {
    metric: string;
    method: 'bootstrap-overlap';
    /** What the candidate is compared with; `production` unless set. */
    against?: 'production' | 'training';
  };
}

/**
 * A measurement as a gate kind gets it.
 * @public
 */
export interface GateFact {
  value: number;
  /** Ends of the interval that was reported with it, and its level, such as 0.95. */
  interval?: { low: number; high: number; level: number };
  sampleSize?: number;
  unit?: string;
  measuredAt: Date;
}

/**
 * What a gate kind is asked.
 * @public
 */
export interface GateKindQuestion<P extends GateParameters = GateParameters> {
  parameters: P;
  /** By name, such as `candidate.metrics.f1`: all that it requires, and of those it reads the ones that there are. */
  facts: Readonly<Record<string, GateFact>>;
  /** Whether a version serves in production. */
  hasProduction: boolean;
  now: Date;
}

/**
 * What a gate kind answers.
 * @public
 */
export interface GateJudgement {
  passed: boolean;
  /** A sentence with its numbers that a manager reads, such as `Of 2,000 answers 3 were toxic`; without a full stop. */
  explanation: string;
}

/**
 * A gate kind that judges by code of its own, where a condition cannot say it.
 *
 * It judges what is in the question and nothing else: what it needs to know reaches it as facts that were reported, so
 * that a verdict names all its inputs, can be worked out again, and can be tried on the past. It judges at once and not by
 * a promise, within a quarter of a second. An error, a longer time or anything but a judgement is the verdict `error`,
 * which blocks. Facts that are missing, revoked or too old are `no-evidence` before it is asked.
 * @public
 */
export interface JudgingGateKind<P extends GateParameters = GateParameters>
  extends GateKindBase {
  /** Facts that it looks at where there are any. */
  readonly reads?: readonly string[];
  judge(question: GateKindQuestion<P>): GateJudgement;
  /**
   * Whether whatever passes with `stricter` passes with `looser` too, which policies that build on one another have to
   * show. Undefined when it cannot be told. Unless it is there and says yes, only the same parameters count as strict
   * enough, and a policy with others is refused.
   */
  isAtLeastAsStrict?(stricter: P, looser: P): boolean | undefined;
}

/**
 * A kind of gate that policies refer to by name.
 * @public
 */
export type GateKind = ConditionGateKind | JudgingGateKind;
