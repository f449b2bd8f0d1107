import { InputError } from '@backstage/errors';
import { FieldError } from '@slipway/backstage-plugin-model-delivery-common';
import {
  GateKind,
  GateParameters,
} from '@slipway/backstage-plugin-model-delivery-node';
import { z } from 'zod';
import { checkGate } from '../../policies/checkGate';
import { checkForm, ReadPolicy } from '../../policies/readPolicyFile';
import { parseFact } from '../facts';
import { fillIn, placeholdersOf } from './fillIn';
import {
  conditionKindSchema,
  judgingKindSchema,
  parameterSchema,
} from './kindSchema';

interface Known {
  /** What its parameters have to be. */
  schema: ReturnType<typeof parameterSchema>;
  reads: string[];
}
/** A kind that is a condition, checked. */
export type KnownCondition = z.output<typeof conditionKindSchema> & Known;
/** A kind that judges by code, checked. */
export type KnownJudge = Omit<
  z.output<typeof judgingKindSchema>,
  'judge' | 'isAtLeastAsStrict'
> &
  Known & {
    judge(question: unknown): unknown;
    isAtLeastAsStrict?(one: GateParameters, other: GateParameters): unknown;
  };
/** A kind of gate that was found to be in order. */
export type KnownKind = KnownCondition | KnownJudge;

/** The kinds of gates that policies may refer to, by name. */
export class GateKinds {
  readonly #kinds = new Map<string, KnownKind>();

  constructor(kinds: Iterable<KnownKind> = []) {
    for (const kind of kinds) {
      this.#kinds.set(kind.id, kind);
    }
  }

  /** These and those that modules add. */
  copy(): GateKinds {
    return new GateKinds(this.#kinds.values());
  }

  /**
   * @throws InputError when the name is taken, or something is wrong with the kind; the message says where.
   */
  add(kind: GateKind): void {
    const { value, errors } = checkKind(kind);
    const of = `the gate kind '${kind?.id}'`;
    if (!value) {
      throw new InputError(
        `Something is wrong with ${of}: ${errors
          .map(({ path, message }) => `${path} ${message}`.trim())
          .join('; ')}`,
      );
    }
    if (this.#kinds.has(value.id)) {
      throw new InputError(`There is another kind with the name of ${of}`);
    }
    this.#kinds.set(value.id, value);
  }

  find(id: string): KnownKind | undefined {
    return this.#kinds.get(id);
  }

  /** The kind of that name, if it judges by code. */
  findJudge(id: string): KnownJudge | undefined {
    const kind = this.#kinds.get(id);
    return kind && 'judge' in kind ? kind : undefined;
  }

  list(): KnownKind[] {
    return [...this.#kinds.values()];
  }
}

/** What was found of a kind: in order, or what is wrong with it. */
export function checkKind(kind: unknown): ReadPolicy<KnownKind> {
  const isJudge = typeof kind === 'object' && kind !== null && 'judge' in kind;
  const form: ReadPolicy<
    z.output<typeof conditionKindSchema> | z.output<typeof judgingKindSchema>
  > = checkForm(isJudge ? judgingKindSchema : conditionKindSchema, kind);
  if (!form.value) {
    return form;
  }
  const errors = checkPlaceholders(form.value);
  if (errors.length > 0) {
    return { value: undefined, errors };
  }
  const schema = toSchema(form.value.parameters);
  if (typeof schema === 'string') {
    return refuse([{ path: 'parameters', message: schema }]);
  }
  const known = {
    reads: [],
    ...form.value,
    // Methods of a class need it
    ...(isJudge && bound(kind)),
    schema,
  } as KnownKind;
  const wrong = checkDefaults(known);
  return wrong.length > 0 ? refuse(wrong) : { value: known, errors: [] };
}

/** The parameters of a gate, with defaults filled in. */
export function readParameters(
  kind: KnownKind,
  given: unknown,
): ReadPolicy<GateParameters> {
  return checkForm(kind.schema, given);
}

function refuse(errors: FieldError[]): ReadPolicy<never> {
  return { value: undefined, errors };
}

function bound(kind: object): object {
  const code = kind as Record<string, unknown>;
  return Object.fromEntries(
    ['judge', 'isAtLeastAsStrict'].flatMap(name => {
      const method = code[name];
      return typeof method === 'function' ? [[name, method.bind(kind)]] : [];
    }),
  );
}

function toSchema(
  parameters: KnownKind['parameters'],
): KnownKind['schema'] | string {
  try {
    return parameterSchema(parameters);
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : error}`;
  }
}

function checkPlaceholders(
  kind: Pick<KnownKind, 'title' | 'description' | 'parameters' | 'requires'>,
): FieldError[] {
  const texts: [string, string][] = Object.entries(kind).flatMap(
    ([path, value]): [string, string][] =>
      Array.isArray(value)
        ? value.map((text, i) => [`${path}[${i}]`, String(text)])
        : [[path, typeof value === 'string' ? value : '']],
  );
  return texts.flatMap(([path, text]) =>
    placeholdersOf(text)
      .filter(name => !Object.hasOwn(kind.parameters, name))
      .map(name => ({
        path,
        message: `speaks of {${name}}, which is no parameter`,
      })),
  );
}

/** Where every parameter has a default, those come to a gate that a policy could have. */
function checkDefaults(kind: KnownKind): FieldError[] {
  const defaults = Object.entries(kind.parameters).flatMap(([name, each]) =>
    each.default === undefined ? [] : [[name, each.default]],
  );
  if (defaults.length < Object.keys(kind.parameters).length) {
    return [];
  }
  const { value, errors } = readParameters(kind, Object.fromEntries(defaults));
  if (!value) {
    return errors.map(({ path, message }) => ({
      path: `parameters.${path}.default`,
      message,
    }));
  }
  const { requires, reads, when, tolerance } = fillIn(kind, value);
  return 'judge' in kind
    ? checkFacts({ requires, reads })
    : checkGate({ requires, when, tolerance }, '').map(each => ({
        ...each,
        path: each.path.replace(/^\./, ''),
      }));
}

/** Checks that facts are facts. */
export function checkFacts(
  lists: Record<string, readonly string[]>,
): FieldError[] {
  return Object.entries(lists).flatMap(([path, facts]) =>
    facts.flatMap((fact, i) =>
      parseFact(fact)
        ? []
        : [{ path: `${path}[${i}]`, message: `'${fact}' is not a fact` }],
    ),
  );
}
