import { cardLimitOf } from '../cards/freshness';
import { EngineContext } from '../context';
import { GatesService } from '../gates/GatesService';
import { MetricsRecorder } from '../metrics/MetricsRecorder';
import { ModelsService } from '../models/ModelsService';
import { PoliciesService } from '../policies/PoliciesService';
import { ownPolicies } from '../policies/policySources';
import { RegistriesService } from '../registries/RegistriesService';
import { Targets } from '../rollouts/targets';
import { PushedSamplesSource } from '../samples/PushedSamplesSource';
import { VersionsService } from '../versions/VersionsService';

/** What every other capability rests on: who and what there is, and the rules in force. */
export async function createFoundation(installed: EngineContext) {
  const { work, config, logger } = installed;
  const context: EngineContext = {
    ...installed,
    metricsSources: [
      ...installed.metricsSources,
      // Last, so that whoever is installed to watch a target does
      new PushedSamplesSource({ work, silenceMs: config.samples.silenceMs }),
    ],
  };
  const targets = new Targets({
    ...context,
    rules: config.targets,
    answerLimitMs: config.answerLimitMs,
  });
  const policies = await PoliciesService.create({
    work,
    logger,
    own: ownPolicies(context),
    kinds: context.gateKinds,
    findScoreless: await targets.findScoreless(),
  });
  const models = new ModelsService(context, () =>
    policies.inForce().flatMap(policy =>
      policy.teamSizes.map(teamSize => ({
        risk: policy.risk,
        teamSize,
        days: cardLimitOf(policy),
      })),
    ),
  );
  const versions = new VersionsService(context, models);
  const metrics = new MetricsRecorder();
  const gates = new GatesService({
    versions,
    kinds: context.gateKinds,
    directory: context.directory,
  });
  const registries = new RegistriesService(context);
  const shared = { context, models, versions, policies, targets };
  return {
    context,
    targets,
    policies,
    models,
    versions,
    metrics,
    gates,
    registries,
    shared,
  };
}

/** See {@link createFoundation}. */
export type Foundation = Awaited<ReturnType<typeof createFoundation>>;
