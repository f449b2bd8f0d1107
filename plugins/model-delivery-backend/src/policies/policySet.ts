import {
  Risk,
  TeamSize,
} from '@slipway/backstage-plugin-model-delivery-common';
import { checkPolicy } from './checkPolicy';
import { digestOf } from './digest';
import { pathInFile } from './extendPolicy';
import {
  PartialPolicyFile,
  partialPolicyFileSchema,
  policyFileSchema,
} from './policySchema';
import { checkForm, readPolicyYaml } from './readPolicyFile';
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

export const RISKS: readonly Risk[] = ['low', 'medium', 'high'];
export const TEAM_SIZES: readonly TeamSize[] = ['small', 'medium', 'large'];

const MAX_FILES = 100;
const MAX_FINDINGS = 10;

/**
 * Reads policy files as one set: the built-in ones, and one's own that take their places or build on them. Everything that
 * is wrong is reported with file and path. Proves that every file is at least as strict as the one that it builds on, that
 * production is at least as strict as staging, higher risk as lower, and a larger team as a smaller one.
 */
export function readPolicySet(options: {
  builtIn: PolicyText[];
  own: PolicyText[];
}): PolicySet {
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
      const content = toCheckedContent(resolver.resolve(source), problems);
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
  compareCells(cells, problems);
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
  problems: PolicyProblem[],
): PolicyContent | undefined {
  if (!resolved) {
    return undefined;
  }
  const { source, whole, parent } = resolved;
  const form = checkForm(policyFileSchema, whole);
  const errors = form.value ? checkPolicy(form.value) : form.errors;
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
    compareWithin(content).map(describeFinding),
    'the environment before',
  );
  for (let above = parent; above; above = above.parent) {
    const base = contentOf(above, content);
    if (base) {
      refuse(
        'spec',
        comparePolicies(content, base).map(describeFinding),
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
): PolicyContent | undefined {
  const form = checkForm(policyFileSchema, {
    ...whole,
    spec: { ...whole.spec, risk: whole.spec.risk ?? risk },
  });
  return form.value && checkPolicy(form.value).length === 0
    ? toContent(form.value)
    : undefined;
}

interface Cell {
  risk: Risk;
  teamSize: TeamSize;
  source: PolicySource;
  content: PolicyContent;
}

/** Finds the policy of each risk and size of team: one's own before the built-in, the specific before the general. */
function assign(
  contents: Map<PolicySource, PolicyContent>,
  problems: PolicyProblem[],
): Cell[] {
  const all = [...contents].map(([source, content]) => ({ source, content }));
  return RISKS.flatMap(risk =>
    TEAM_SIZES.flatMap((teamSize): Cell[] => {
      const found = [false, true]
        .flatMap(isBuiltIn =>
          [teamSize, null].map(size =>
            all.filter(
              each =>
                each.source.isBuiltIn === isBuiltIn &&
                each.content.risk === risk &&
                each.content.teamSize === size,
            ),
          ),
        )
        .find(each => each.length > 0);
      if (!found) {
        problems.push({
          file: '',
          path: '',
          message: `there is no policy for ${risk} risk and ${teamSize} teams`,
        });
        return [];
      }
      if (found.length > 1) {
        problems.push({
          file: found[1].source.file,
          path: 'spec.risk',
          message: `${found[0].source.file} is for ${risk} risk and ${
            found[0].content.teamSize ?? 'any'
          } teams too`,
        });
      }
      return [{ risk, teamSize, ...found[0] }];
    }),
  );
}

/** Refuses a higher risk or a larger team that is let through where a lower or smaller one is not. */
function compareCells(cells: Cell[], problems: PolicyProblem[]): void {
  const compared = new Set<string>();
  const compare = (stricter: Cell | undefined, looser: Cell) => {
    if (!stricter || stricter.source === looser.source) {
      return;
    }
    const pair = `${stricter.source.file}\n${looser.source.file}`;
    if (compared.has(pair)) {
      return;
    }
    compared.add(pair);
    limited(
      comparePolicies(stricter.content, looser.content).map(describeFinding),
    ).forEach(what =>
      problems.push({
        file: stricter.source.file,
        path: 'spec',
        message: `is looser for ${stricter.risk} risk and ${stricter.teamSize} teams than '${looser.source.name}' for ${looser.risk} risk and ${looser.teamSize} teams: ${what}`,
      }),
    );
  };
  const at = (risk: Risk | undefined, teamSize: TeamSize | undefined) =>
    cells.find(each => each.risk === risk && each.teamSize === teamSize);
  cells.forEach(cell => {
    const { risk, teamSize } = cell;
    compare(at(RISKS[RISKS.indexOf(risk) + 1], teamSize), cell);
    compare(at(risk, TEAM_SIZES[TEAM_SIZES.indexOf(teamSize) + 1]), cell);
  });
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

function limited(found: string[]): string[] {
  return found.length > MAX_FINDINGS
    ? [
        ...found.slice(0, MAX_FINDINGS),
        `and ${found.length - MAX_FINDINGS} more`,
      ]
    : found;
}
