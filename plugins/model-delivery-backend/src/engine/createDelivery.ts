import { ApprovalsService } from '../approvals/ApprovalsService';
import { ReminderClock } from '../approvals/ReminderClock';
import { BreakGlassRequests } from '../breakGlass/BreakGlassRequests';
import { BreakGlassReviews } from '../breakGlass/BreakGlassReviews';
import { ReviewClock } from '../breakGlass/ReviewClock';
import { BundleViews } from '../bundles/BundleViews';
import { DeploymentsService } from '../deployments/DeploymentsService';
import { AnswerDelivery } from '../hooks/AnswerDelivery';
import { ReleaseQuestions } from '../hooks/ReleaseQuestions';
import { Lookout } from '../outsideChanges/Lookout';
import { OutsideChangesService } from '../outsideChanges/OutsideChangesService';
import { PromotionControl } from '../promotions/PromotionControl';
import { PromotionEvaluator } from '../promotions/PromotionEvaluator';
import { PromotionsService } from '../promotions/PromotionsService';
import { StepSkipping } from '../promotions/StepSkipping';
import { RollbackService } from '../promotions/RollbackService';
import { PromotionSteps } from '../rollouts/PromotionSteps';
import { PromotionWorker } from '../rollouts/PromotionWorker';
import { RolloutViews } from '../rollouts/RolloutViews';
import { RevocationAcknowledgements } from '../revocations/RevocationAcknowledgements';
import { RevocationsService } from '../revocations/RevocationsService';
import { SamplesService } from '../samples/SamplesService';
import { ReleaseVerdictService } from '../verdicts/ReleaseVerdictService';
import { GateNow } from '../waivers/GateNow';
import { WaiversService } from '../waivers/WaiversService';
import { WaiverUpkeep } from '../waivers/WaiverUpkeep';
import { WaiverViews } from '../waivers/WaiverViews';
import { Foundation } from './createFoundation';

/** What brings versions into environments, decides on that, and takes it back. */
export function createDelivery(foundation: Foundation) {
  const {
    context,
    targets,
    policies,
    models,
    versions,
    metrics,
    gates,
    shared,
  } = foundation;
  const { work, config, logger } = context;
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
  return {
    promotions,
    deployments,
    skipping,
    control,
    rollbacks,
    approvals,
    emergencies,
    reviews,
    reviewClock,
    reminderClock,
    waiverViews,
    waiverUpkeep,
    waivers,
    acknowledgements,
    revocations,
    bundleViews,
    lookout,
    outsideChanges,
    rolloutViews,
    worker,
    verdicts,
    questions,
    answers,
    samples,
  };
}

/** See {@link createDelivery}. */
export type Delivery = ReturnType<typeof createDelivery>;
