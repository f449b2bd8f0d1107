import { LoggerService } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  FieldError,
  Policy as PolicyView,
  PolicyChange,
  PolicyHistoryEntry,
  PolicyStatus,
  Risk,
  TeamSize,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Page, PageRequest } from '../database/paging';
import { UnitOfWork } from '../database/UnitOfWork';
import { FindScoreless } from '../rollouts/targets';
import { GateKinds } from '../gates/kinds/GateKinds';
import { diffPolicies } from './diffPolicies';
import { digestOf } from './digest';
import { faultyDataOf } from './faultyData';
import { draftContent, DraftPolicy } from './draftPolicy';
import { readKnownPolicySet } from './knownPolicySets';
import { RISKS } from './policyCells';
import { LoadedPolicy } from './policySet';
import { PolicyProblem, PolicyText } from './Resolver';
import { builtInPolicies, PolicyLocation } from './policySources';
import {
  findByDigest,
  findFirstSeen,
  findInForce,
  listAssignments,
  putInForce,
} from './policyStore';
import { comparePolicies } from './strictness/comparePolicies';
import { Policies, Policy, PolicyCell } from './types';

interface Texts {
  builtIn: PolicyText[];
  own: PolicyText[];
}

/**
 * The policies in force for each risk and size of team. Read from files at the start and whenever those change, and kept
 * by content for ever. What cannot be read or is not valid never comes into force: the last good policies stay.
 */
export class PoliciesService implements Policies {
  readonly #work: UnitOfWork;
  readonly #logger: LoggerService;
  readonly #own: PolicyLocation | undefined;
  readonly #known: { kinds: GateKinds; findScoreless: FindScoreless };
  readonly #builtIn = builtInPolicies();
  readonly #byDigest = new Map<string, Policy>();
  #inForce: LoadedPolicy[] = [];
  #texts: Texts = { builtIn: [], own: [] };
  #problems: PolicyProblem[] = [];
  #seen = '';
  #checkedAt = new Date(0);
  #loadedAt = new Date(0);

  private constructor(options: {
    work: UnitOfWork;
    logger: LoggerService;
    own?: PolicyLocation;
    kinds: GateKinds;
    findScoreless?: FindScoreless;
  }) {
    this.#work = options.work;
    this.#logger = options.logger;
    this.#own = options.own;
    const { kinds, findScoreless = () => undefined } = options;
    this.#known = { kinds, findScoreless };
  }

  /**
   * Reads the built-in policy files and one's own, and puts them in force. When they are not valid, what was last in
   * force stays so.
   * @throws InputError naming file, path and reason of everything that is wrong, when nothing was ever in force
   */
  static async create(options: {
    work: UnitOfWork;
    logger: LoggerService;
    own?: PolicyLocation;
    kinds: GateKinds;
    /** Where nothing gives the scores that a policy may ask for. */
    findScoreless?: FindScoreless;
  }): Promise<PoliciesService> {
    const service = new PoliciesService(options);
    await service.reload();
    if (service.#inForce.length === 0) {
      const last = await findInForce(options.work.knex);
      if (!last) {
        throw new InputError(
          `The policies in ${service.#sourceName} are not valid:\n${toLines(
            service.#problems,
          )}`,
        );
      }
      service.#use(last);
    }
    return service;
  }

  /**
   * Reads the files again, and puts them in force when they changed and are valid.
   * @returns whether other policies are in force than before
   */
  async reload(): Promise<boolean> {
    this.#checkedAt = this.#work.now();
    const texts = await this.#read();
    if (!texts) {
      return false;
    }
    const seen = digestOf(texts);
    if (seen === this.#seen) {
      return false;
    }
    const { policies, problems } = readKnownPolicySet({
      ...texts,
      ...this.#known,
    });
    if (problems.length > 0) {
      this.#seen = seen;
      this.#report(problems);
      return false;
    }
    await this.#work.run(tx => putInForce(tx, policies));
    this.#seen = seen;
    this.#texts = texts;
    this.#problems = [];
    this.#use(policies);
    return true;
  }

  forModel({ risk, teamSize }: PolicyCell): Policy {
    const policy = this.#inForce.find(
      each => each.risk === risk && each.teamSizes.includes(teamSize),
    );
    if (!policy) {
      throw new Error(
        `There is no policy for ${risk} risk and ${teamSize} teams`,
      );
    }
    return policy;
  }

  async byDigest(knex: Knex, digest: string): Promise<Policy> {
    const known =
      this.#byDigest.get(digest) ?? (await findByDigest(knex, digest));
    if (!known) {
      throw new NotFoundError(`No policy has the digest ${digest}`);
    }
    this.#byDigest.set(digest, known);
    return known;
  }

  /**
   * The policy that a promotion goes by: the one it began with, or that of the risk and team that the model has since, if it
   * is a higher risk or the policy is proven to be no looser. Otherwise whoever may edit the model's file could take away the
   * approvals that an open promotion waits for.
   */
  async forPromotion(
    knex: Knex,
    digest: string,
    model: PolicyCell,
  ): Promise<Policy> {
    const begun = await this.byDigest(knex, digest);
    const stillFits =
      begun.risk === model.risk &&
      (begun.teamSize === null || begun.teamSize === model.teamSize);
    if (stillFits) {
      return begun;
    }
    const now = this.forModel(model);
    const isRaised = RISKS.indexOf(model.risk) > RISKS.indexOf(begun.risk);
    return isRaised ||
      comparePolicies(now, begun, this.#known.kinds).length === 0
      ? now
      : begun;
  }

  /** Those in force, strictest first. */
  inForce(): readonly LoadedPolicy[] {
    return this.#inForce;
  }

  /** Those in force, strictest first, as the API shows them. */
  async list(knex: Knex): Promise<PolicyView[]> {
    const seen = await findFirstSeen(
      knex,
      this.#inForce.map(policy => policy.digest),
    );
    return this.#inForce.map(policy =>
      toPolicyView(policy, seen.get(policy.digest)!),
    );
  }

  /** Where policies come from, and what keeps those that are there now from being in force. */
  status(): PolicyStatus {
    return {
      source: this.#sourceName,
      checkedAt: this.#checkedAt.toISOString(),
      loadedAt: this.#loadedAt.toISOString(),
      problems: this.#problems,
    };
  }

  /** One page of what came into force when, newest first. */
  async history(
    filter: { risk?: Risk; teamSize?: TeamSize },
    page: PageRequest,
  ): Promise<Page<PolicyHistoryEntry>> {
    return listAssignments(this.#work.knex, filter, page);
  }

  /**
   * What differs between two policies that are or were in force.
   * @throws NotFoundError when there never was one of them
   */
  async compare(
    before: string,
    after: string,
  ): Promise<{ before: Policy; after: Policy; changes: PolicyChange[] }> {
    const { knex } = this.#work;
    const [older, newer] = [
      await this.byDigest(knex, before),
      await this.byDigest(knex, after),
    ];
    return {
      before: older,
      after: newer,
      changes: diffPolicies(older, newer, this.#known.kinds),
    };
  }

  /** Everything that is wrong with a policy file among those in force; nothing is an empty list. */
  validate(yaml: string): FieldError[] {
    return this.draft(yaml).errors;
  }

  /** Reads a draft among the files in force, where it takes the place of the one with its name or for its models. */
  draft(yaml: string): DraftPolicy {
    return draftContent(yaml, this.#texts, this.#known);
  }

  get #sourceName(): string {
    return this.#own?.name ?? 'built-in';
  }

  async #read(): Promise<Texts | undefined> {
    try {
      return {
        builtIn: await this.#builtIn.read(),
        own: (await this.#own?.read()) ?? [],
      };
    } catch (error) {
      // Said once, and taken back by the next time that they can be read.
      this.#seen = '';
      this.#report([
        {
          file: '',
          path: '',
          message: `could not be read: ${
            error instanceof Error ? error.message : error
          }`,
        },
      ]);
      return undefined;
    }
  }

  #report(problems: PolicyProblem[]): void {
    if (toLines(problems) !== toLines(this.#problems)) {
      this.#logger.error(
        `The policies in ${
          this.#sourceName
        } did not come into force, and the last good ones stay:\n${toLines(
          problems,
        )}`,
      );
    }
    this.#problems = problems;
  }

  #use(policies: LoadedPolicy[]): void {
    this.#inForce = policies;
    this.#loadedAt = this.#work.now();
    policies.forEach(policy => this.#byDigest.set(policy.digest, policy));
  }
}

function toPolicyView(policy: LoadedPolicy, loadedAt: string): PolicyView {
  const { file, gates, ...shown } = policy;
  return {
    ...shown,
    loadedAt,
    source: file,
    faultyData: faultyDataOf(policy),
    gates: gates.map(({ tolerance: _, ...gate }) => gate),
  };
}

function toLines(problems: PolicyProblem[]): string {
  return problems
    .map(({ file, path, message }) =>
      [file && `${file}:`, path, message].filter(Boolean).join(' '),
    )
    .join('\n');
}
