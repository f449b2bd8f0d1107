import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  FieldError,
  Policy as PolicyView,
  Risk,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UnitOfWork } from '../database/UnitOfWork';
import { DatabaseTime, toIso } from '../database/values';
import { digestOf } from './digest';
import { parsePolicy } from './parsePolicy';
import { Policies, Policy, PolicyContent, PolicyEnvironment } from './types';

const NOTHING_ASKED = {
  soakSeconds: 0,
  freezeWindows: [],
  waivers: null,
  breakGlass: null,
  reminders: null,
  delegation: null,
};
const RISKS: readonly Risk[] = ['high', 'medium', 'low'];

interface PolicyRow {
  digest: string;
  name: string;
  risk: Risk;
  content: string;
  loaded_at: DatabaseTime;
}

/** The policies in force, one per risk level, read from files at the start and kept by content for ever. */
export class PoliciesService implements Policies {
  readonly #byRisk: Map<Risk, Policy>;
  readonly #known: Map<string, Policy>;

  private constructor(policies: Policy[]) {
    this.#byRisk = new Map(policies.map(policy => [policy.risk, policy]));
    this.#known = new Map(policies.map(policy => [policy.digest, policy]));
  }

  /**
   * Reads the policy files of a folder, the built-in ones without one, and stores what is new.
   * @throws InputError naming file, path and reason of everything that is wrong.
   */
  static async create(options: {
    work: UnitOfWork;
    directory?: string;
  }): Promise<PoliciesService> {
    const directory = options.directory
      ? resolve(options.directory)
      : resolvePackagePath(
          '@slipway/backstage-plugin-model-delivery-backend',
          'policies',
        );
    const policies = await readPolicies(directory);
    await options.work.run(async tx => {
      for (const policy of policies) {
        const { digest, ...content } = policy;
        const known = await tx
          .knex<PolicyRow>('policies')
          .where({ digest })
          .first('digest');
        if (!known) {
          await tx
            .knex('policies')
            .insert({
              digest,
              name: policy.name,
              risk: policy.risk,
              content: JSON.stringify(content),
              loaded_at: tx.now,
            })
            .onConflict('digest')
            .ignore();
          tx.record({
            actor: 'service:model-delivery',
            action: 'policy.loaded',
            model: null,
            subject: `policy:${digest}`,
            summary: `Policy '${policy.name}' for ${policy.risk} risk came into force`,
            details: { digest, risk: policy.risk },
          });
        }
      }
    });
    return new PoliciesService(policies);
  }

  forRisk(risk: Risk): Policy {
    const policy = this.#byRisk.get(risk);
    if (!policy) {
      throw new Error(`There is no policy for ${risk} risk`);
    }
    return policy;
  }

  async byDigest(knex: Knex, digest: string): Promise<Policy> {
    const known = this.#known.get(digest);
    if (known) {
      return known;
    }
    const row = await knex<PolicyRow>('policies').where({ digest }).first();
    if (!row) {
      throw new NotFoundError(`No policy has the digest ${digest}`);
    }
    const policy: Policy = { ...readContent(row.content), digest };
    this.#known.set(digest, policy);
    return policy;
  }

  /** Those in force, strictest first, as the API shows them. */
  async list(knex: Knex): Promise<PolicyView[]> {
    const rows = await knex<PolicyRow>('policies').whereIn(
      'digest',
      [...this.#byRisk.values()].map(policy => policy.digest),
    );
    return RISKS.map(risk => {
      const policy = this.forRisk(risk);
      const row = rows.find(each => each.digest === policy.digest);
      return toPolicyView(policy, toIso(row!.loaded_at));
    });
  }

  /** Everything that is wrong with a policy file; nothing is an empty list. */
  validate(yaml: string): FieldError[] {
    return parsePolicy(yaml).errors;
  }
}

/**
 * The environment of that name.
 * @throws InputError naming those there are.
 */
export function requireEnvironment(
  policy: Policy,
  name: string,
): PolicyEnvironment {
  const found = policy.environments.find(each => each.name === name);
  if (!found) {
    throw new InputError(
      `request/body/environment '${name}' is not one of policy '${
        policy.name
      }'; it has ${policy.environments.map(each => each.name).join(', ')}`,
    );
  }
  return found;
}

/** Reads stored content; what it was stored without, it did not ask for. */
function readContent(json: string): PolicyContent {
  const content: PolicyContent = JSON.parse(json);
  return {
    ...content,
    environments: content.environments.map(environment => ({
      ...NOTHING_ASKED,
      ...environment,
    })),
  };
}

function toPolicyView(policy: Policy, loadedAt: string): PolicyView {
  return {
    ...policy,
    loadedAt,
    gates: policy.gates.map(({ tolerance: _, ...gate }) => gate),
  };
}

async function readPolicies(directory: string): Promise<Policy[]> {
  const files = (await readdir(directory)).filter(file =>
    /\.ya?ml$/.test(file),
  );
  const problems: string[] = [];
  const policies: Policy[] = [];
  for (const file of files.sort()) {
    const { content, errors } = parsePolicy(
      await readFile(join(directory, file), 'utf8'),
    );
    errors.forEach(error =>
      problems.push(`${file}: ${error.path} ${error.message}`),
    );
    if (content) {
      policies.push({ ...content, digest: digestOf(content) });
    }
  }
  for (const risk of RISKS) {
    const count = policies.filter(policy => policy.risk === risk).length;
    if (count !== 1 && problems.length === 0) {
      problems.push(
        `there must be one policy for ${risk} risk, and there are ${count}`,
      );
    }
  }
  if (problems.length > 0) {
    throw new InputError(
      `The policies in ${directory} are not valid:\n${problems.join('\n')}`,
    );
  }
  return policies;
}
