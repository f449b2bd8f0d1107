import { Knex } from 'knex';
import { EngineContext } from '../context';
import { findControl } from '../deployments/deploymentStore';
import { productionOf, requireEnvironment } from '../policies/environments';
import { PoliciesService } from '../policies/PoliciesService';
import { Policy, PolicyEnvironment } from '../policies/types';
import { PromotionRecord } from '../promotions/types';
import { VersionsService } from '../versions/VersionsService';
import { Bar, findBars } from './bars';

type Context = Pick<EngineContext, 'work' | 'directory'> & {
  versions: VersionsService;
};

/** Who is barred from deciding about a version by what is known now. */
export async function findPresentBars(
  { work, directory, versions }: Context,
  about: {
    requestedBy: string;
    modelRef: string;
    versionId: string;
    policy: Policy;
  },
): Promise<Bar[]> {
  const { requestedBy, modelRef, versionId, policy } = about;
  const serving = await findControl(
    work.knex,
    modelRef,
    productionOf(policy).name,
  );
  return findBars({
    requestedBy,
    version: await versions.byId(work.knex, versionId),
    since: await versions.since(
      work.knex,
      serving?.versionId ?? null,
      versionId,
    ),
    resolve: given => directory.resolvePerson(given),
  });
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
