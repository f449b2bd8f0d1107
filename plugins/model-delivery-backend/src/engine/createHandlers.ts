import { ApprovalViews } from '../approvals/ApprovalViews';
import { Inbox } from '../approvals/Inbox';
import { AuditService } from '../audit/AuditService';
import { createAuditHandlers } from '../audit/handlers';
import { BundleRollbacks } from '../bundles/BundleRollbacks';
import { BundlesService } from '../bundles/BundlesService';
import { createCardHandlers } from '../cards/handlers';
import { CardImports } from '../cards/CardImports';
import { createBundleHandlers } from '../bundles/handlers';
import { DelegationsService } from '../delegations/DelegationsService';
import { createDelegationHandlers } from '../delegations/handlers';
import { createDeploymentHandlers } from '../deployments/handlers';
import { createEvaluationHandlers } from '../evaluations/handlers';
import { GateMatrixService } from '../gates/GateMatrixService';
import { createHookHandlers } from '../hooks/handlers';
import { createGateHandlers } from '../gates/handlers';
import { Handlers } from '../http/operations';
import { createIncidentHandlers } from '../incidents/handlers';
import { IncidentsService } from '../incidents/IncidentsService';
import { createLineageHandlers } from '../lineage/handlers';
import { LineageService } from '../lineage/LineageService';
import { createMetricsHandlers } from '../metrics/handlers';
import { MetricsService } from '../metrics/MetricsService';
import { createModelSourceHandlers } from '../modelSources/handlers';
import { ModelSourcesService } from '../modelSources/ModelSourcesService';
import { createModelHandlers } from '../models/handlers';
import { ModelDetails } from '../models/ModelDetails';
import { createOutsideChangeHandlers } from '../outsideChanges/handlers';
import { createPipelineHandlers } from '../pipelines/handlers';
import { PipelinesService } from '../pipelines/PipelinesService';
import { createPolicyHandlers } from '../policies/handlers';
import { PolicyTrials } from '../policies/PolicyTrials';
import { createPromotionHandlers } from '../promotions/handlers';
import { PromotionViews } from '../promotions/PromotionViews';
import { createRegistryHandlers } from '../registries/handlers';
import { MetricHistories } from '../registries/MetricHistories';
import { TraceCounts } from '../registries/TraceCounts';
import { createRevocationHandlers } from '../revocations/handlers';
import { createSampleHandlers } from '../samples/handlers';
import { createSearchHandlers } from '../search/handlers';
import { SearchDocuments } from '../search/SearchDocuments';
import { createVerdictHandlers } from '../verdicts/handlers';
import { createVersionHandlers } from '../versions/handlers';
import { createWaiverHandlers } from '../waivers/handlers';
import { Services } from './Services';

/** Answers every operation of the API. */
export function createHandlers(services: Services): Handlers {
  const {
    context,
    targets,
    policies,
    models,
    versions,
    gates,
    registries,
    shared,
  } = services.foundation;
  const {
    promotions,
    deployments,
    skipping,
    control,
    rollbacks,
    approvals,
    emergencies,
    reviews,
    waiverViews,
    waivers,
    acknowledgements,
    revocations,
    bundleViews,
    outsideChanges,
    rolloutViews,
    verdicts,
    questions,
    samples,
  } = services.delivery;
  const { evaluations, cards, registrySync, impact, asked } =
    services.knowledge;
  return {
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
    ...createGateHandlers(context, new GateMatrixService({ ...shared, gates })),
    ...createWaiverHandlers(waivers, waiverViews),
    ...createDelegationHandlers(new DelegationsService({ context, policies })),
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
  };
}
