import { extendPolicy } from './extendPolicy';
import { PartialPolicyFile } from './policySchema';

/** The text of one policy file. */
export interface PolicyText {
  /** Name by which errors speak of it. */
  file: string;
  text: string;
}

/** Something wrong with a policy file. */
export interface PolicyProblem {
  file: string;
  path: string;
  message: string;
}

/** A file whose form is in order. */
export interface PolicySource extends PolicyText {
  /** As others refer to it. */
  name: string;
  isBuiltIn: boolean;
  form: PartialPolicyFile;
}

/** A file with all that it builds on. */
export interface ResolvedPolicy {
  source: PolicySource;
  whole: PartialPolicyFile;
  parent?: ResolvedPolicy;
}

const BUILT_IN = 'built-in/';

/** Puts files together with what they build on, each once. */
export class Resolver {
  readonly #sources: PolicySource[];
  readonly #problems: PolicyProblem[];
  readonly #resolved = new Map<PolicySource, ResolvedPolicy | undefined>();

  constructor(sources: PolicySource[], problems: PolicyProblem[]) {
    this.#sources = sources;
    this.#problems = problems;
  }

  /** Undefined when something that it builds on is missing, or itself. */
  resolve(
    source: PolicySource,
    below: PolicySource[] = [],
  ): ResolvedPolicy | undefined {
    if (this.#resolved.has(source)) {
      return this.#resolved.get(source);
    }
    const resolved = this.#resolve(source, below);
    this.#resolved.set(source, resolved);
    return resolved;
  }

  #resolve(
    source: PolicySource,
    below: PolicySource[],
  ): ResolvedPolicy | undefined {
    const wanted = source.form.spec.extends;
    if (!wanted) {
      return { source, whole: source.form };
    }
    const refuse = (message: string) => {
      this.#problems.push({
        file: source.file,
        path: 'spec.extends',
        message,
      });
      return undefined;
    };
    const base = this.#find(wanted, source);
    if (!base) {
      return refuse(
        `there is no policy '${wanted}'; there are ${this.#sources
          .map(each => `${each.isBuiltIn ? BUILT_IN : ''}${each.name}`)
          .join(', ')}`,
      );
    }
    if (base === source || below.includes(base)) {
      const circle = [...below.slice(below.indexOf(base)), source, base];
      return refuse(
        `goes in a circle: ${(base === source ? [source, base] : circle)
          .map(each => each.name)
          .join(' builds on ')}`,
      );
    }
    const parent = this.resolve(base, [...below, source]);
    if (!parent) {
      return undefined;
    }
    const { file, errors } = extendPolicy(parent.whole, source.form);
    errors.forEach(error =>
      this.#problems.push({ file: source.file, ...error }),
    );
    return errors.length > 0 ? undefined : { source, whole: file, parent };
  }

  #find(wanted: string, source: PolicySource): PolicySource | undefined {
    const named = (name: string, isBuiltIn: boolean) =>
      this.#sources.find(
        each => each.name === name && each.isBuiltIn === isBuiltIn,
      );
    return wanted.startsWith(BUILT_IN)
      ? named(wanted.slice(BUILT_IN.length), true)
      : named(wanted, source.isBuiltIn) ?? named(wanted, true);
  }
}
