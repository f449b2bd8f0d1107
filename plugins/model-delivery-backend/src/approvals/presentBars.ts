import { EngineContext } from '../context';
import { PoliciesService } from '../policies/PoliciesService';
import { PromotionRecord } from '../promotions/types';
import { VersionsService } from '../versions/VersionsService';
import { Bar, findBars } from './bars';

/** Who is barred from a promotion by what is known now, which may be more than when approval was asked for. */
export async function findPresentBars(
  context: Pick<EngineContext, 'work' | 'directory'> & {
    versions: VersionsService;
    policies: PoliciesService;
  },
  record: PromotionRecord,
): Promise<Bar[]> {
  const { work, directory, versions } = context;
  const stored: Bar[] = await work
    .knex('approval_bars')
    .where({ promotion_id: record.id })
    .select('person', 'because');
  const policy = await context.policies.byDigest(
    work.knex,
    record.policyDigest,
  );
  const production = policy.environments[policy.environments.length - 1].name;
  const serving = await work
    .knex('deployments')
    .where({ model_ref: record.modelRef, environment: production })
    .whereNull('ended_at')
    .whereNotNull('full_traffic_at')
    .orderBy('started_at', 'desc')
    .first('version_id');
  const fresh = await findBars({
    requestedBy: record.requestedBy,
    version: await versions.byId(work.knex, record.versionId),
    since: await versions.since(
      work.knex,
      serving?.version_id ?? null,
      record.versionId,
    ),
    resolve: given => directory.resolvePerson(given),
  });
  return [...fresh, ...stored];
}
