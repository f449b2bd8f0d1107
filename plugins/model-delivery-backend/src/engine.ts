import { Router } from 'express';
import { ModelResource } from './access/modelRules';
import { ApprovalsService } from './approvals/ApprovalsService';
import { ApprovalViews } from './approvals/ApprovalViews';
import { Inbox } from './approvals/Inbox';
import { ReminderClock } from './approvals/ReminderClock';
import { AuditService } from './audit/AuditService';
import { createAuditHandlers } from './audit/handlers';
import { BreakGlassRequests } from './breakGlass/BreakGlassRequests';
import { BreakGlassReviews } from './breakGlass/BreakGlassReviews';
import { ReviewClock } from './breakGlass/ReviewClock';
import { BundleRollbacks } from './bundles/BundleRollbacks';
import { BundlesService } from './bundles/BundlesService';
import { BundleViews } from './bundles/BundleViews';
import { createCardHandlers } from './cards/handlers';
import { CardImports } from './cards/CardImports';
import { CardWords } from './cards/CardWords';
import { CardsService } from './cards/CardsService';
import { cardLimitOf } from './cards/freshness';
import { createBundleHandlers } from './bundles/handlers';
import { EngineContext } from './context';
import { DelegationsService } from './delegations/DelegationsService';
import { createDelegationHandlers } from './delegations/handlers';
import { DeploymentsService } from './deployments/DeploymentsService';
import { createDeploymentHandlers } from './deployments/handlers';
import { EvaluationsService } from './evaluations/EvaluationsService';
import { createEvaluationHandlers } from './evaluations/handlers';
import { GateMatrixService } from './gates/GateMatrixService';
import { GatesService } from './gates/GatesService';
import { AnswerDelivery } from './hooks/AnswerDelivery';
import { createHooksRouter } from './hooks/createHooksRouter';
import { createHookHandlers } from './hooks/handlers';
import { ReleaseQuestions } from './hooks/ReleaseQuestions';
import { createGateHandlers } from './gates/handlers';
import { Handlers } from './http/operations';
import { createIncidentHandlers } from './incidents/handlers';
import { IncidentsService } from './incidents/IncidentsService';
import { forgetEvents } from './lineage/forgetEvents';
import { createLineageHandlers } from './lineage/handlers';
import { ImpactFinder } from './lineage/ImpactFinder';
import { ImpactService } from './lineage/ImpactService';
import { LineageService } from './lineage/LineageService';
import { StandingFaults } from './lineage/StandingFaults';
import { createMetricsHandlers } from './metrics/handlers';
import { MetricsRecorder } from './metrics/MetricsRecorder';
import { MetricsService } from './metrics/MetricsService';
import { CatalogSync } from './models/CatalogSync';
import { createModelSourceHandlers } from './modelSources/handlers';
import { ModelSourcesService } from './modelSources/ModelSourcesService';
import { createModelHandlers } from './models/handlers';
import { ModelDetails } from './models/ModelDetails';
import { ModelsService } from './models/ModelsService';
import { createOutsideChangeHandlers } from './outsideChanges/handlers';
import { Lookout } from './outsideChanges/Lookout';
import { OutsideChangesService } from './outsideChanges/OutsideChangesService';
import { createPipelineHandlers } from './pipelines/handlers';
import { PipelinesService } from './pipelines/PipelinesService';
import { createPolicyHandlers } from './policies/handlers';
import { PoliciesService } from './policies/PoliciesService';
import { ownPolicies } from './policies/policySources';
import { PolicyTrials } from './policies/PolicyTrials';
import { createPromotionHandlers } from './promotions/handlers';
import { PromotionControl } from './promotions/PromotionControl';
import { PromotionEvaluator } from './promotions/PromotionEvaluator';
import { PromotionsService } from './promotions/PromotionsService';
import { StepSkipping } from './promotions/StepSkipping';
import { PromotionViews } from './promotions/PromotionViews';
import { RollbackService } from './promotions/RollbackService';
import { forgetUnfollowed } from './registries/AliasFollowing';
import { createDeliveriesRouter } from './registries/createDeliveriesRouter';
import { DeliveriesService } from './registries/DeliveriesService';
import { createRegistryHandlers } from './registries/handlers';
import { AskedRegistry } from './registries/AskedRegistry';
import { MetricHistories } from './registries/MetricHistories';
import { RegistriesService } from './registries/RegistriesService';
import { RegistryEvaluations } from './registries/RegistryEvaluations';
import { RegistrySync } from './registries/RegistrySync';
import { TraceCounts } from './registries/TraceCounts';
import { PromotionSteps } from './rollouts/PromotionSteps';
import { PromotionWorker } from './rollouts/PromotionWorker';
import { RolloutViews } from './rollouts/RolloutViews';
import { createRevocationHandlers } from './revocations/handlers';
import { RevocationAcknowledgements } from './revocations/RevocationAcknowledgements';
import { RevocationsService } from './revocations/RevocationsService';
import { Targets } from './rollouts/targets';
import { createSampleHandlers } from './samples/handlers';
import { PushedSamplesSource } from './samples/PushedSamplesSource';
import { SamplesService } from './samples/SamplesService';
import { createSearchHandlers } from './search/handlers';
import { SearchDocuments } from './search/SearchDocuments';
import { createVerdictHandlers } from './verdicts/handlers';
import { ReleaseVerdictService } from './verdicts/ReleaseVerdictService';
import { createVersionHandlers } from './versions/handlers';
import { VersionsService } from './versions/VersionsService';
import { createWaiverHandlers } from './waivers/handlers';
import { GateNow } from './waivers/GateNow';
import { WaiversService } from './waivers/WaiversService';
import { WaiverUpkeep } from './waivers/WaiverUpkeep';
import { WaiverViews } from './waivers/WaiverViews';

/** The capabilities, assembled. */
export interface Engine {
  handlers: Handlers;
  /** Takes the hooks of other tools, which say by themselves who they are. */
  hooks: Router[];
  /** The models behind the given entity refs, for the permission framework. */
  getResources(refs: string[]): Promise<(ModelResource | undefined)[]>;
  /** Begins the work that nobody asks for by HTTP. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Assembles the capabilities. */
export async function createEngine(installed: EngineContext): Promise<Engine> {
  const { work, config, logger, scheduler } = installed;
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

  const promotions = new PromotionsService(shared);
  const deployments = new DeploymentsService({ ...shared, metrics });
  const skipping = new StepSkipping(shared);
  const evaluator = new PromotionEvaluator({ ...shared, gates });
  const control = new PromotionControl({
    context,
    models,
    metrics,
    skipping,
    evaluator,
  });
  const rollbacks = new RollbackService(shared);
  const approvals = new ApprovalsService(shared);
  const emergencies = new BreakGlassRequests({ ...shared, gates, control });
  const reviews = new BreakGlassReviews(shared);
  const reviewClock = new ReviewClock(context);
  const reminderClock = new ReminderClock(context);
  const waiverViews = new WaiverViews(shared);
  const gateNow = new GateNow({ work, policies, gates, promotions });
  const waiverUpkeep = new WaiverUpkeep({ ...shared, promotions, gateNow });
  const waivers = new WaiversService({
    ...shared,
    promotions,
    gateNow,
    views: waiverViews,
    upkeep: waiverUpkeep,
  });
  const acknowledgements = new RevocationAcknowledgements({
    ...shared,
    promotions,
  });
  const revocations = new RevocationsService({
    ...shared,
    waivers: waiverUpkeep,
  });
  const bundleViews = new BundleViews(shared);
  const lookout = new Lookout(context, {
    models,
    targets,
    metrics,
  });
  const outsideChanges = new OutsideChangesService(context, {
    models,
    promotions,
    targets,
    lookout,
  });
  const rolloutViews = new RolloutViews({ work, targets, logger });
  const worker = new PromotionWorker({
    work,
    logger,
    leaseMs: config.leaseMs,
    concurrency: config.concurrency,
    steps: new PromotionSteps({
      work,
      models,
      versions,
      metrics,
      evaluator,
      targets,
    }),
  });
  const verdicts = new ReleaseVerdictService({ ...shared, gates });
  const questions = new ReleaseQuestions({ context, models, verdicts });
  const answers = new AnswerDelivery({
    work,
    logger,
    config: config.hooks,
    questions,
  });
  const samples = new SamplesService({ ...shared });
  const finder = new ImpactFinder({ context, policies });
  const evaluations = new EvaluationsService(context, {
    models,
    versions,
    promotions,
    faults: new StandingFaults({ context, finder, policies }),
  });
  const cards = new CardsService(context, { ...shared, gates });
  const cardWords = new CardWords(context);
  const catalogSync = new CatalogSync(context, (tx, entities) =>
    cardWords.noteStated(tx, entities),
  );
  const registryEvaluations = new RegistryEvaluations(evaluations);
  versions.listen(registryEvaluations);
  const registrySync = new RegistrySync(context, {
    models,
    versions,
    evaluations: registryEvaluations,
  });
  const impact = new ImpactService({ context, revocations, finder });
  const asked = new AskedRegistry(context, shared);
  const deliveries = new DeliveriesService(context, registrySync);

  return {
    handlers: {
      ...createModelHandlers(
        models,
        new ModelDetails(context, {
          models,
          policies,
          promotions,
          deployments,
          registries,
          emergencies,
          acknowledgements,
          targets,
        }),
      ),
      ...createVersionHandlers(versions),
      ...createCardHandlers(cards, new CardImports(context, { models, cards })),
      ...createEvaluationHandlers(evaluations),
      ...createPipelineHandlers(new PipelinesService(context, models)),
      ...createIncidentHandlers(new IncidentsService(context, models)),
      ...createLineageHandlers(new LineageService(context, models), impact),
      ...createMetricsHandlers(new MetricsService(context)),
      ...createRegistryHandlers(
        registries,
        registrySync,
        new MetricHistories(asked),
        new TraceCounts(asked),
      ),
      ...createModelSourceHandlers(new ModelSourcesService(context)),
      ...createSearchHandlers(new SearchDocuments(context)),
      ...createAuditHandlers(new AuditService(context, models)),
      ...createPolicyHandlers(
        context,
        policies,
        new PolicyTrials({ context, policies, kinds: context.gateKinds }),
      ),
      ...createGateHandlers(
        context,
        new GateMatrixService({ ...shared, gates }),
      ),
      ...createWaiverHandlers(waivers, waiverViews),
      ...createDelegationHandlers(
        new DelegationsService({ context, policies }),
      ),
      ...createVerdictHandlers(verdicts),
      ...createHookHandlers(questions),
      ...createSampleHandlers(samples),
      ...createRevocationHandlers(revocations, acknowledgements),
      ...createOutsideChangeHandlers(outsideChanges),
      ...createDeploymentHandlers(deployments),
      ...createPromotionHandlers({
        promotions,
        control,
        rollbacks,
        approvals,
        inbox: new Inbox(context),
        emergencies,
        reviews,
        views: new PromotionViews({
          context,
          models,
          policies,
          approvals: new ApprovalViews(context, policies),
          rollouts: rolloutViews,
          reviews,
          bundles: bundleViews,
          skipping,
        }),
      }),
      ...createBundleHandlers({
        bundles: new BundlesService(shared),
        rollbacks: new BundleRollbacks({ ...shared, control }),
        views: bundleViews,
      }),
    },
    hooks: [
      createHooksRouter(config.hooks, questions),
      createDeliveriesRouter(deliveries),
    ],
    getResources: refs => models.getResources(refs),
    start: async () => {
      await catalogSync.start();
      await registrySync.start();
      await promotions.policiesChanged();
      await scheduler.scheduleTask({
        id: 'policies',
        scope: 'local',
        frequency: { milliseconds: config.policies.reloadIntervalMs },
        timeout: { minutes: 1 },
        fn: async () => {
          await policies.reload();
          await promotions.policiesChanged();
        },
      });
      await scheduler.scheduleTask({
        id: 'waivers',
        // Those who decide see at once what a waiver is about; this ends the ones that nobody looks at.
        frequency: { milliseconds: 10 * config.pollIntervalMs },
        timeout: { minutes: 5 },
        fn: () => waiverUpkeep.sweep(),
      });
      await scheduler.scheduleTask({
        id: 'card-ages',
        // They are told in days
        frequency: { milliseconds: 300 * config.pollIntervalMs },
        timeout: { minutes: 5 },
        fn: () => models.ageCards(),
      });
      await scheduler.scheduleTask({
        id: 'unfollowed-aliases',
        frequency: { milliseconds: 10 * config.pollIntervalMs },
        timeout: { minutes: 1 },
        fn: () => forgetUnfollowed(context),
      });
      await scheduler.scheduleTask({
        id: 'card-words',
        frequency: { milliseconds: 10 * config.pollIntervalMs },
        timeout: { minutes: 5 },
        fn: () => cardWords.look(),
      });
      await scheduler.scheduleTask({
        id: 'lineage-events',
        // They are kept for weeks
        frequency: { milliseconds: 300 * config.pollIntervalMs },
        timeout: { minutes: 5 },
        fn: () => forgetEvents(work),
      });
      await scheduler.scheduleTask({
        id: 'data-faults',
        // Most are settled by the request that says so; this goes on with those that were interrupted or affect very much.
        frequency: { milliseconds: 10 * config.pollIntervalMs },
        timeout: { minutes: 15 },
        fn: () => impact.settleOpen(),
      });
      await scheduler.scheduleTask({
        id: 'pushed-samples',
        scope: 'local',
        // They are kept for days
        frequency: { milliseconds: 300 * config.pollIntervalMs },
        timeout: { minutes: 5 },
        fn: () => samples.clean(),
      });
      await scheduler.scheduleTask({
        id: 'release-answers',
        scope: 'local',
        frequency: { milliseconds: config.pollIntervalMs },
        timeout: { minutes: 10 },
        fn: () => answers.run(),
      });
      await scheduler.scheduleTask({
        id: 'outside-changes',
        frequency: { milliseconds: 10 * config.pollIntervalMs },
        timeout: { minutes: 5 },
        fn: () => lookout.look(),
      });
      work.onCommit(() => worker.wake());
      await scheduler.scheduleTask({
        id: 'promotions',
        scope: 'local',
        frequency: { milliseconds: config.pollIntervalMs },
        timeout: { minutes: 1 },
        fn: async () => {
          worker.wake();
          await reviewClock.look();
          await reminderClock.look();
        },
      });
    },
    stop: async () => {
      await worker.stop();
      await answers.stop();
      await registrySync.stop();
    },
  };
}
