import { Knex } from 'knex';
import { EngineContext } from '../context';
import { findControl } from '../deployments/deploymentStore';
import { productionOf, requireEnvironment } from '../policies/environments';
import { PoliciesService } from '../policies/PoliciesService';
import { Policy, PolicyEnvironment } from '../policies/types';
import { PromotionRecord } from '../promotions/types';
import { VersionsService } from '../versions/VersionsService';
import { Bar, findBars, findUnidentified, Makers } from './bars';

type Context = Pick<EngineContext, 'work' | 'directory'> & {
  versions: VersionsService;
};

/** A version of a model, as its policy lets it through. */
interface About {
  modelRef: string;
  versionId: string;
  policy: Policy;
}

/** Who is barred from deciding about a version by what is known now. */
export async function findPresentBars(
  context: Context,
  about: About & { requestedBy?: string },
): Promise<Bar[]> {
  return findBars({
    ...(await findMakers(context, about)),
    requestedBy: about.requestedBy,
    resolve: given => context.directory.resolvePerson(given),
  });
}

/** Why it cannot be told now who is barred from deciding about a version; undefined when it can. */
export async function findPresentStrangers(
  context: Context,
  about: About,
): Promise<string | undefined> {
  return findUnidentified(context.directory, await findMakers(context, about));
}

async function findMakers(
  { work, versions }: Context,
  { modelRef, versionId, policy }: About,
): Promise<Makers> {
  const serving = await findControl(
    work.knex,
    modelRef,
    productionOf(policy).name,
  );
  return {
    version: await versions.byId(work.knex, versionId),
    since: await versions.since(
      work.knex,
      serving?.versionId ?? null,
      versionId,
    ),
  };
}

/** Who is barred from a promotion: by what is known now, and by what was known when approval was asked for. */
export async function findPromotionBars(
  context: Context & { policies: PoliciesService },
  record: PromotionRecord,
): Promise<Bar[]> {
  const { knex } = context.work;
  const stored: Bar[] = await knex('approval_bars')
    .where({ promotion_id: record.id })
    .select('person', 'because');
  const policy = await context.policies.byDigest(knex, record.policyDigest);
  const present = await findPresentBars(context, { ...record, policy });
  return [...present, ...stored];
}

/** What a promotion's policy says of its environment. */
export async function environmentOf(
  policies: PoliciesService,
  knex: Knex,
  record: Pick<PromotionRecord, 'policyDigest' | 'environment'>,
): Promise<PolicyEnvironment> {
  const policy = await policies.byDigest(knex, record.policyDigest);
  return requireEnvironment(policy, record.environment);
}
