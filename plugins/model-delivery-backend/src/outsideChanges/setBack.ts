import { EngineContext } from '../context';
import { ModelRecord } from '../models/ModelRecord';
import { noDeployer, Targets } from '../rollouts/targets';
import { findAlias } from './aliases';
import { OutsideChangeRow } from './outsideChangeStore';
import { Share } from './shares';

/**
 * Sets a target's traffic, or an alias, back to what the history says. The same attempt moves it once.
 * @throws Error when there is no way to, or the target refuses
 */
export async function setBack(
  context: Pick<EngineContext, 'work' | 'registries'>,
  targets: Targets,
  options: {
    model: ModelRecord;
    change: OutsideChangeRow;
    expected: Share[];
    attempt: number;
  },
): Promise<void> {
  return options.change.kind === 'alias'
    ? setAlias(context, options)
    : setTraffic(targets, options);
}

async function setTraffic(
  targets: Targets,
  {
    model,
    change,
    expected,
    attempt,
  }: {
    model: ModelRecord;
    change: OutsideChangeRow;
    expected: Share[];
    attempt: number;
  },
): Promise<void> {
  const target = { model: model.ref, environment: change.environment };
  const deployer = targets.deployerOf(target);
  if (!deployer) {
    throw new Error(noDeployer(target));
  }
  const status = await deployer.setTraffic({
    operationKey: `outside-change-${change.id}-revert-${attempt}`,
    target,
    shares: expected,
  });
  if (status.state === 'failed') {
    throw new Error(status.message);
  }
}

async function setAlias(
  { work, registries }: Pick<EngineContext, 'work' | 'registries'>,
  {
    model,
    change,
    expected,
  }: { model: ModelRecord; change: OutsideChangeRow; expected: Share[] },
): Promise<void> {
  const { registry } = model;
  const connection = registries.find(
    each => each.type === registry?.type && each.id === registry.id,
  );
  const state =
    registry &&
    (await findAlias(work.knex, {
      modelRef: model.ref,
      registry,
      alias: change.alias!,
      serving: expected.length === 1 ? expected[0].version : undefined,
    }));
  const version = state?.serving?.version ?? state?.accepted;
  if (!connection?.setAlias || !registry || !version) {
    throw new Error(
      'the registry cannot be written to from here; set the alias there',
    );
  }
  await connection.setAlias({
    model: registry.model,
    alias: change.alias!,
    version,
  });
}
