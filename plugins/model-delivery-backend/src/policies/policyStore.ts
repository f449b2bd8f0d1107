import {
  PolicyHistoryEntry,
  Risk,
  TeamSize,
} from '@slipway/backstage-plugin-model-delivery-common';
import { Knex } from 'knex';
import { Transaction } from '../database/UnitOfWork';
import { decodeCursor, Page, PageRequest, toPage } from '../database/paging';
import { DatabaseTime, toIso } from '../database/values';
import { RISKS, TEAM_SIZES } from './policyCells';
import { LoadedPolicy } from './policySet';
import { Policy, PolicyContent } from './types';

interface PolicyRow {
  digest: string;
  name: string;
  risk: Risk;
  content: string;
  loaded_at: DatabaseTime;
}

interface AssignmentRow {
  id: number;
  risk: Risk;
  team_size: TeamSize;
  digest: string;
  replaced_digest: string | null;
  source: string;
  extends: string | null;
  at: DatabaseTime;
}

/** What policies asked for before they could ask for more: nothing of it. */
const NOTHING_ASKED = {
  soakSeconds: 0,
  freezeWindows: [],
  waivers: null,
  breakGlass: null,
  reminders: null,
  delegation: null,
};

/** Keeps policies by their content, and writes down which came into force for which models. */
export async function putInForce(
  tx: Transaction,
  policies: LoadedPolicy[],
): Promise<void> {
  const inOrder = [...policies].sort((a, b) => (a.digest < b.digest ? -1 : 1));
  for (const policy of inOrder) {
    await storeContent(tx, policy);
    // Replicas that read the same files at once write down one after the other, and the later ones see what the first did.
    await tx
      .knex('policies')
      .where({ digest: policy.digest })
      .forUpdate()
      .first('digest');
  }
  for (const policy of policies) {
    const replaced: TeamSize[] = [];
    for (const teamSize of policy.teamSizes) {
      const before = await latestOf(tx.knex, policy.risk, teamSize);
      if (before?.digest !== policy.digest) {
        await tx.knex('policy_assignments').insert({
          risk: policy.risk,
          team_size: teamSize,
          digest: policy.digest,
          replaced_digest: before?.digest ?? null,
          source: policy.file,
          extends: policy.extends,
          at: tx.now,
        });
        replaced.push(teamSize);
      }
    }
    if (replaced.length > 0) {
      tx.record({
        actor: 'service:model-delivery',
        action: 'policy.loaded',
        model: null,
        subject: `policy:${policy.digest}`,
        summary: `Policy '${policy.name}' for ${policy.risk} risk came into force`,
        details: {
          digest: policy.digest,
          risk: policy.risk,
          teamSizes: replaced,
          source: policy.file,
        },
      });
    }
  }
}

/** The policies that were last put in force; undefined when there is none for some models. */
export async function findInForce(
  knex: Knex,
): Promise<LoadedPolicy[] | undefined> {
  const policies = new Map<string, LoadedPolicy>();
  for (const risk of [...RISKS].reverse()) {
    for (const teamSize of TEAM_SIZES) {
      const row = await latestOf(knex, risk, teamSize);
      const policy = row && (await findByDigest(knex, row.digest));
      if (!row || !policy) {
        return undefined;
      }
      const known = policies.get(policy.digest);
      if (known) {
        known.teamSizes.push(teamSize);
      } else {
        policies.set(policy.digest, {
          ...policy,
          file: row.source,
          extends: row.extends,
          teamSizes: [teamSize],
        });
      }
    }
  }
  return [...policies.values()]
    .reverse()
    .sort((a, b) => RISKS.indexOf(b.risk) - RISKS.indexOf(a.risk));
}

/** The policy of that digest, if there ever was one. */
export async function findByDigest(
  knex: Knex,
  digest: string,
): Promise<Policy | undefined> {
  const row = await knex<PolicyRow>('policies').where({ digest }).first();
  return row && { ...readContent(row.content), digest };
}

/** When policies were first seen, by digest. */
export async function findFirstSeen(
  knex: Knex,
  digests: string[],
): Promise<Map<string, string>> {
  const rows = await knex<PolicyRow>('policies')
    .whereIn('digest', digests)
    .select('digest', 'loaded_at');
  return new Map(rows.map(row => [row.digest, toIso(row.loaded_at)]));
}

/** One page of what came into force when, newest first. */
export async function listAssignments(
  knex: Knex,
  filter: { risk?: Risk; teamSize?: TeamSize },
  page: PageRequest,
): Promise<Page<PolicyHistoryEntry>> {
  const rows: AssignmentRow[] = await knex('policy_assignments')
    .modify(query => {
      if (filter.risk) {
        query.where('risk', filter.risk);
      }
      if (filter.teamSize) {
        query.where('team_size', filter.teamSize);
      }
      if (page.cursor) {
        query.where('id', '<', decodeCursor(page.cursor, 'number')[0]);
      }
    })
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  const names = await knex<PolicyRow>('policies')
    .whereIn(
      'digest',
      rows.map(row => row.digest),
    )
    .select('digest', 'content');
  const contents = new Map(
    names.map(row => [row.digest, JSON.parse(row.content) as PolicyContent]),
  );
  return toPage(
    rows,
    page.limit,
    row => [row.id],
    row => ({
      id: String(row.id),
      at: toIso(row.at),
      risk: row.risk,
      teamSize: row.team_size,
      name: contents.get(row.digest)!.name,
      title: contents.get(row.digest)!.title,
      digest: row.digest,
      source: row.source,
      replacedDigest: row.replaced_digest,
    }),
  );
}

async function storeContent(
  tx: Transaction,
  { digest, file: _, extends: __, teamSizes: ___, ...content }: LoadedPolicy,
): Promise<void> {
  await tx
    .knex('policies')
    .insert({
      digest,
      name: content.name,
      risk: content.risk,
      content: JSON.stringify(content),
      loaded_at: tx.now,
    })
    .onConflict('digest')
    .ignore();
}

async function latestOf(
  knex: Knex,
  risk: Risk,
  teamSize: TeamSize,
): Promise<AssignmentRow | undefined> {
  return knex<AssignmentRow>('policy_assignments')
    .where({ risk, team_size: teamSize })
    .orderBy('id', 'desc')
    .first();
}

/** Reads stored content; what it was stored without, it did not ask for. */
function readContent(json: string): PolicyContent {
  const content: PolicyContent = JSON.parse(json);
  return {
    ...content,
    teamSize: content.teamSize ?? null,
    roles: content.roles ?? [],
    environments: content.environments.map(environment => ({
      ...NOTHING_ASKED,
      ...environment,
    })),
  };
}
