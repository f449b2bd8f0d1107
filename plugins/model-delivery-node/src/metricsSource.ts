import { DeploymentTarget } from './deployer';

/**
 * How many scores lie between bounds, as a histogram counts them.
 * @public
 */
export interface ScoreBins {
  /** Finite, ascending. The first bin holds what is up to the first bound, each next one what is above a bound and up to the next. */
  bounds: number[];
  /** Whole numbers from 0, one more than there are bounds: the last bin holds what is above the last bound. */
  counts: number[];
}

/**
 * What was measured of one version in one half-open interval of time.
 * @public
 */
export interface VersionSignals {
  /** Requests answered or failed. */
  requests: number;
  /** Of them, how many failed: status 5xx, or another that this target is known to fail with, or no answer at all. */
  errors: number;
  /** Latencies in milliseconds of requests that were answered; a uniform random sample when there are more than 5,000. */
  latencies: number[];
  /**
   * How far a latency may be off, in milliseconds, where latencies are not measured one by one but put together from a
   * histogram: the width of the widest bucket that matters. None unless set. A difference that lies within it proves
   * nothing.
   */
  latencyResolution?: number;
  /**
   * What was predicted, as one finite number an answer, such as a probability or an amount; a uniform random sample when
   * there are more than 5,000. Of an answer with several predictions one, drawn at random: those of one request are not
   * independent, and a judgement that takes them so finds differences that are none. Left out by a source that sees no scores;
   * a policy that judges by scores then never passes.
   */
  scores?: number[];
  /**
   * The same where a source knows only how many scores lie between bounds, in place of `scores`: of all answers that had one.
   * What moves between two bounds cannot be seen, so bins that are wider than a margin never pass.
   */
  scoreBins?: ScoreBins;
  /**
   * How many answers had a score, where `scores` may be a sample of them, or `scoreBins` counts them. A candidate that leaves out more of them than its
   * control is not judged by those that are left.
   */
  scored?: number;
}

/**
 * Signals of one version over one bucket of time, for drawing.
 * @public
 */
export interface SignalsBucket {
  /** Start of the bucket. */
  at: Date;
  requests: number;
  errors: number;
  /** Milliseconds, undefined without requests. */
  p50?: number;
  /** Milliseconds, undefined without requests. */
  p95?: number;
}

/**
 * How the answers of a shadowed version compare with those that were returned, to the same requests in one half-open
 * interval of time.
 * @public
 */
export interface ShadowComparison {
  /** Requests of which a copy was to be sent. */
  mirrored: number;
  /** Of them, those that were not compared: not sent for want of room, too large, or without an answer to compare with. */
  skipped: number;
  /** Of the others, whose answer agreed: the same, but for numbers within the tolerance. No answer and an error never do. */
  agreed: number;
  /** Largest distance between two numbers that were compared; undefined without any. */
  largestDifference?: number;
  /** What the candidate did with the copies. */
  candidate: VersionSignals;
  /** What was returned to the requests that were copied. */
  serving: VersionSignals;
}

/**
 * What can be measured of a version: its requests and how many failed, how long its answers took, what it predicted.
 * @public
 */
export type SignalKind = 'errors' | 'latencies' | 'scores';

/**
 * What a metrics source gives.
 * @public
 */
export interface GivenSignals {
  kinds: readonly SignalKind[];
  /** What has to be done so that it gives another kind, as a demand: "set modelDelivery.prometheus.main.queries.scores". */
  remedies?: { [kind in SignalKind]?: string };
}

/**
 * Says how versions behave while they serve. A rollout is judged by it.
 * @public
 */
export interface MetricsSource {
  readonly id: string;
  /** Whether it watches this target at all: a rollout without a signal is refused. */
  watches(target: DeploymentTarget): Promise<boolean>;
  /**
   * Whether nothing has come of a version lately that serves all traffic, although the target is watched: its counters are
   * not collected. A version without requests is not silent as long as its counters are there. A rollout beside a silent
   * version is refused. Left out by a source that cannot be silent, or cannot tell.
   */
  isSilent?(options: {
    target: DeploymentTarget;
    /** What serves there. */
    version: string;
    now: Date;
  }): Promise<boolean>;
  /**
   * What it gives of a target; without a target, at best of any. A rollout whose policy judges by something else is refused
   * before it begins, since no step of it could pass. Left out, it gives errors and latencies, and no scores.
   */
  gives?(target?: DeploymentTarget): Promise<GivenSignals>;
  /** Signals of one version in `[from, to)`. */
  read(options: {
    target: DeploymentTarget;
    version: string;
    from: Date;
    to: Date;
  }): Promise<VersionSignals>;
  /** The same in consecutive buckets that start at `from`; buckets without requests may be left out. */
  readSeries(options: {
    target: DeploymentTarget;
    version: string;
    from: Date;
    to: Date;
    bucketSeconds: number;
  }): Promise<SignalsBucket[]>;
  /**
   * How a shadowed version compared in `[from, to)`; see {@link Deployer.setMirror}. Left out by a source that cannot tell.
   */
  readComparison?(options: {
    target: DeploymentTarget;
    /** The candidate. */
    version: string;
    from: Date;
    to: Date;
  }): Promise<ShadowComparison>;
}
