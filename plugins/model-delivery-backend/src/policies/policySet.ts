import { TeamSize } from '@slipway/backstage-plugin-model-delivery-common';
import { FindScoreless } from '../rollouts/targets';
import { GateKinds } from '../gates/kinds/GateKinds';
import { shippedKinds } from '../gates/kinds/shippedKinds';
import { checkPolicy } from './checkPolicy';
import { checkScores } from './checkRollout';
import { digestOf } from './digest';
import { expandGates } from './expandGates';
import { pathInFile } from './extendPolicy';
import { assign, Cell, compareCells, limited } from './policyCells';
import {
  PartialPolicyFile,
  PolicyFile,
  partialPolicyFileSchema,
  policyFileSchema,
} from './policySchema';
import { checkForm, ReadPolicy, readPolicyYaml } from './readPolicyFile';
import {
  PolicyProblem,
  PolicySource,
  PolicyText,
  ResolvedPolicy,
  Resolver,
} from './Resolver';
import {
  comparePolicies,
  compareWithin,
  describeFinding,
} from './strictness/comparePolicies';
import { toContent } from './toContent';
import { Policy, PolicyContent } from './types';

/** A policy in force, and where it came from. */
export interface LoadedPolicy extends Policy {
  file: string;
  /** Name of the policy that it builds on. */
  extends: string | null;
  /** Sizes of teams that it is in force for. */
  teamSizes: TeamSize[];
}

/** What became of a set of policy files. */
export interface PolicySet {
  /** In force, strictest first; only those that nothing is wrong with. */
  policies: LoadedPolicy[];
  /** What each file comes to that could be read, in force or not, by file. */
  contents: ReadonlyMap<string, PolicyContent>;
  problems: PolicyProblem[];
}

const MAX_FILES = 100;

/**
 * Reads policy files as one set: the built-in ones, and one's own that take their places or build on them. Everything that
 * is wrong is reported with file and path. Proves that every file is at least as strict as the one that it builds on, that
 * production is at least as strict as staging, higher risk as lower, and a larger team as a smaller one.
 */
export function readPolicySet(options: {
  builtIn: PolicyText[];
  own: PolicyText[];
  /** Kinds that gates may refer to; those that come with the engine unless set. */
  kinds?: GateKinds;
  /** Where scores cannot be judged; they may be anywhere unless set. */
  findScoreless?: FindScoreless;
}): PolicySet {
  const { kinds = shippedKinds(), findScoreless = () => undefined } = options;
  const problems: PolicyProblem[] = [];
  if (options.own.length > MAX_FILES) {
    return {
      policies: [],
      contents: new Map(),
      problems: [
        {
          file: '',
          path: '',
          message: `there are ${options.own.length} files; at most ${MAX_FILES} are allowed`,
        },
      ],
    };
  }
  const sources = [
    ...options.builtIn.flatMap(each => readSource(each, true, problems)),
    ...options.own.flatMap(each => readSource(each, false, problems)),
  ];
  refuseNamesakes(sources, problems);
  const resolver = new Resolver(sources, problems);
  const contents = new Map<PolicySource, PolicyContent>();
  sources
    .filter(source => source.form.spec.risk)
    .forEach(source => {
      const content = toCheckedContent(
        resolver.resolve(source),
        { kinds, findScoreless },
        problems,
      );
      if (content) {
        contents.set(source, content);
      }
    });
  const byFile = new Map(
    [...contents].map(([source, content]) => [source.file, content]),
  );
  if (problems.length > 0) {
    return { policies: [], contents: byFile, problems };
  }
  const cells = assign(contents, problems);
  compareCells(cells, kinds, problems);
  return {
    policies: problems.length > 0 ? [] : toPolicies(cells),
    contents: byFile,
    problems,
  };
}

function readSource(
  given: PolicyText,
  isBuiltIn: boolean,
  problems: PolicyProblem[],
): PolicySource[] {
  const yaml = readPolicyYaml(given.text);
  const form =
    yaml.errors.length > 0
      ? yaml
      : checkForm(partialPolicyFileSchema, yaml.value);
  form.errors.forEach(error => problems.push({ file: given.file, ...error }));
  if (form.errors.length > 0) {
    return [];
  }
  const written = yaml.value as PartialPolicyFile;
  return [{ ...given, isBuiltIn, name: written.metadata.name, form: written }];
}

function refuseNamesakes(
  sources: PolicySource[],
  problems: PolicyProblem[],
): void {
  sources.forEach((source, i) => {
    const twin = sources.findIndex(
      each => each.name === source.name && each.isBuiltIn === source.isBuiltIn,
    );
    if (twin < i) {
      problems.push({
        file: source.file,
        path: 'metadata.name',
        message: `'${source.name}' is the name of ${sources[twin].file} too`,
      });
    }
  });
}

/** The content of a file, unless something is wrong with it or it is looser than it may be. */
function toCheckedContent(
  resolved: ResolvedPolicy | undefined,
  { kinds, findScoreless }: { kinds: GateKinds; findScoreless: FindScoreless },
  problems: PolicyProblem[],
): PolicyContent | undefined {
  if (!resolved) {
    return undefined;
  }
  const { source, whole, parent } = resolved;
  const form = checkWhole(whole, kinds);
  const errors = form.value
    ? [...checkPolicy(form.value), ...checkScores(form.value, findScoreless)]
    : form.errors;
  errors.forEach(error =>
    problems.push({
      file: source.file,
      path: pathInFile(error.path, whole, source.form),
      message: error.message,
    }),
  );
  if (!form.value || errors.length > 0) {
    return undefined;
  }
  const content = toContent(form.value);
  const refuse = (path: string, found: string[], than: string) =>
    limited(found).forEach(what =>
      problems.push({
        file: source.file,
        path,
        message: `is looser than ${than}: ${what}`,
      }),
    );
  refuse(
    'spec.environments',
    compareWithin(content, kinds).map(describeFinding),
    'the environment before',
  );
  for (let above = parent; above; above = above.parent) {
    const base = contentOf(above, content, kinds);
    if (base) {
      refuse(
        'spec',
        comparePolicies(content, base, kinds).map(describeFinding),
        `'${above.source.name}', which it builds on`,
      );
      break;
    }
  }
  return content;
}

/** What a file comes to on its own; undefined when it is not complete without those that build on it. */
function contentOf(
  { whole }: ResolvedPolicy,
  { risk }: PolicyContent,
  kinds: GateKinds,
): PolicyContent | undefined {
  const form = checkWhole(
    { ...whole, spec: { ...whole.spec, risk: whole.spec.risk ?? risk } },
    kinds,
  );
  return form.value && checkPolicy(form.value).length === 0
    ? toContent(form.value)
    : undefined;
}

/** Checks the form of a file that was put together, each gate as what it refers to. */
function checkWhole(
  whole: PartialPolicyFile,
  kinds: GateKinds,
): ReadPolicy<PolicyFile> {
  const { file, errors } = expandGates(whole, kinds);
  return errors.length > 0
    ? { value: undefined, errors }
    : checkForm(policyFileSchema, file);
}

function toPolicies(cells: Cell[]): LoadedPolicy[] {
  const policies = new Map<PolicySource, LoadedPolicy>();
  [...cells].reverse().forEach(({ source, content, teamSize }) => {
    const known = policies.get(source);
    if (known) {
      known.teamSizes.unshift(teamSize);
    } else {
      policies.set(source, {
        ...content,
        digest: digestOf(content),
        file: source.file,
        extends: source.form.spec.extends ?? null,
        teamSizes: [teamSize],
      });
    }
  });
  return [...policies.values()];
}
