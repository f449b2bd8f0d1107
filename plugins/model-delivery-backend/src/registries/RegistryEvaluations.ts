import { RegistryVersion } from '@slipway/backstage-plugin-model-delivery-node';
import { Transaction } from '../database/UnitOfWork';
import { EvaluationsService } from '../evaluations/EvaluationsService';
import { ModelRecord } from '../models/ModelRecord';
import { REGISTRY_ACTOR } from '../people/Directory';
import { VersionRecord } from '../versions/VersionRecord';
import { findRegistryRows } from '../versions/VersionViews';
import { findToldVersions } from './registeredVersions';
import { ConnectionKey } from './registryStore';
import { toEvaluationReports } from './toEvaluationReports';

/**
 * Records what registries tell of how versions measured, whichever comes first: the version to be registered here, or its
 * evaluations to be read.
 */
export class RegistryEvaluations {
  readonly #evaluations: EvaluationsService;

  constructor(evaluations: EvaluationsService) {
    this.#evaluations = evaluations;
  }

  /** Records the evaluations of versions that were just read, of those that are registered here. */
  async versionsRead(
    tx: Transaction,
    key: ConnectionKey,
    versions: RegistryVersion[],
  ): Promise<void> {
    const measured = versions.filter(each => each.evaluations?.length);
    for (const { model, version, told } of await findToldVersions(
      tx.knex,
      key,
      measured,
    )) {
      await this.#evaluations.recordNew(tx, {
        actor: REGISTRY_ACTOR,
        model,
        version,
        reports: toEvaluationReports(key.type, told.evaluations!, tx.now),
      });
    }
  }

  /** Records what was told of versions before they were registered. */
  async versionsRegistered(
    tx: Transaction,
    model: ModelRecord,
    versions: VersionRecord[],
  ): Promise<void> {
    const rows = await findRegistryRows(tx.knex, model, versions);
    for (const version of versions) {
      const told = rows(version)?.evaluations;
      if (model.registry && told) {
        await this.#evaluations.recordNew(tx, {
          actor: REGISTRY_ACTOR,
          model,
          version,
          reports: toEvaluationReports(
            model.registry.type,
            JSON.parse(told),
            tx.now,
          ),
        });
      }
    }
  }
}
