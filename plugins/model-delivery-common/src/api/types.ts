import type { components, operations, paths } from './generated';

/**
 * The API's schemas by name, as the contract declares them.
 * @public
 */
export type ApiSchemas = components['schemas'];

/**
 * The API's operations by id.
 * @public
 */
export type ApiOperations = operations;

/**
 * The API's paths.
 * @public
 */
export type ApiPaths = paths;

/** @public */
export type Risk = ApiSchemas['Risk'];
/** @public */
export type TeamSize = ApiSchemas['TeamSize'];
/** @public */
export type Tier = ApiSchemas['Tier'];
/** @public */
export type ChangeKind = ApiSchemas['ChangeKind'];
/** @public */
export type Stage = ApiSchemas['Stage'];
/** @public */
export type Verdict = ApiSchemas['Verdict'];
/** @public */
export type PromotionState = ApiSchemas['PromotionState'];
/** @public */
export type PromotionEvent = ApiSchemas['PromotionEvent'];
/** @public */
export type ModelSummary = ApiSchemas['ModelSummary'];
/** @public */
export type ModelPage = ApiSchemas['ModelPage'];
/** @public */
export type ModelDetail = ApiSchemas['ModelDetail'];
/** @public */
export type EnvironmentStatus = ApiSchemas['EnvironmentStatus'];
/** @public */
export type Version = ApiSchemas['Version'];
/** @public */
export type VersionParts = ApiSchemas['VersionParts'];
/** @public */
export type VersionRegistration = ApiSchemas['VersionRegistration'];
/** @public */
export type MetricHistories = ApiSchemas['MetricHistories'];
/** How many traces a version left while it was used, as its registry counts now. @public */
export type TraceCount = ApiSchemas['TraceCount'];
/** @public */
export type VersionChanges = ApiSchemas['VersionChanges'];
/** @public */
export type Measurement = ApiSchemas['Measurement'];
/** @public */
export type TextRun = ApiSchemas['TextRun'];
/** @public */
export type ConfusionMatrix = ApiSchemas['ConfusionMatrix'];
/** @public */
export type Evaluation = ApiSchemas['Evaluation'];
/** @public */
export type EvaluationReport = ApiSchemas['EvaluationReport'];
/** @public */
export type PipelineRun = ApiSchemas['PipelineRun'];
/** @public */
export type PipelineRunReport = ApiSchemas['PipelineRunReport'];
/** @public */
export type Policy = ApiSchemas['Policy'];
/** @public */
export type PolicyEnvironment = ApiSchemas['PolicyEnvironment'];
/** @public */
export type PolicyRole = ApiSchemas['PolicyRole'];
/** @public */
export type PolicyStatus = ApiSchemas['PolicyStatus'];
/** @public */
export type PolicyHistoryEntry = ApiSchemas['PolicyHistoryEntry'];
/** @public */
export type PolicyChange = ApiSchemas['PolicyChange'];
/** @public */
export type PolicyTrial = ApiSchemas['PolicyTrial'];
/** @public */
export type PolicyTrialChange = ApiSchemas['PolicyTrialChange'];
/** @public */
export type Waiver = ApiSchemas['Waiver'];
/** @public */
export type WaiverPage = ApiSchemas['WaiverPage'];
/** @public */
export type WaiverRequest = ApiSchemas['WaiverRequest'];
/** @public */
export type WaiverDecision = ApiSchemas['WaiverDecision'];
/** @public */
export type Revocation = ApiSchemas['Revocation'];
/** @public */
export type RevocationRequest = ApiSchemas['RevocationRequest'];
/** @public */
export type RevocationPreview = ApiSchemas['RevocationPreview'];
/** @public */
export type RevocationEffects = ApiSchemas['RevocationEffects'];
/** @public */
export type RevocationMark = ApiSchemas['RevocationMark'];
/** @public */
export type DeploymentRevocation = ApiSchemas['DeploymentRevocation'];
/** @public */
export type OutsideChange = ApiSchemas['OutsideChange'];
/** @public */
export type FreezeWindow = ApiSchemas['FreezeWindow'];
/** @public */
export type ApprovalSlot = ApiSchemas['ApprovalSlot'];
/** @public */
export type RolloutPlan = ApiSchemas['RolloutPlan'];
/** @public */
export type GateDefinition = ApiSchemas['GateDefinition'];
/** @public */
export type GateKind = ApiSchemas['GateKind'];
/** @public */
export type GateVerdict = ApiSchemas['GateVerdict'];
/** @public */
export type ReleaseVerdict = ApiSchemas['ReleaseVerdict'];
/** @public */
export type SampleBatch = ApiSchemas['SampleBatch'];
/** @public */
export type SampleReceipt = ApiSchemas['SampleReceipt'];
/** @public */
export type ReleaseQuestion = ApiSchemas['ReleaseQuestion'];
/** @public */
export type ReleaseQuestionPage = ApiSchemas['ReleaseQuestionPage'];
/** @public */
export type GateMatrix = ApiSchemas['GateMatrix'];
/** @public */
export type PromotionRequest = ApiSchemas['PromotionRequest'];
/** @public */
export type Bypassed = ApiSchemas['Bypassed'];
/** @public */
export type BreakGlass = ApiSchemas['BreakGlass'];
/** @public */
export type BreakGlassPreview = ApiSchemas['BreakGlassPreview'];
/** @public */
export type BreakGlassReviewRequest = ApiSchemas['BreakGlassReviewRequest'];
/** @public */
export type PromotionSummary = ApiSchemas['PromotionSummary'];
/** @public */
export type Promotion = ApiSchemas['Promotion'];
/** @public */
export type Decision = ApiSchemas['Decision'];
/**
 * A role of approvers that was handed on until a moment.
 * @public
 */
export type Delegation = ApiSchemas['Delegation'];
/** @public */
export type DelegationPage = ApiSchemas['DelegationPage'];
/** @public */
export type DelegationRequest = ApiSchemas['DelegationRequest'];
/** @public */
export type DecisionRequest = ApiSchemas['DecisionRequest'];
/** @public */
export type ApprovalSubject = ApiSchemas['ApprovalSubject'];
/** @public */
export type ApprovalPage = ApiSchemas['ApprovalPage'];
/** @public */
export type Rollout = ApiSchemas['Rollout'];
/** @public */
export type RolloutStep = ApiSchemas['RolloutStep'];
/**
 * What became of the shadow before a rollout; nobody is served by it.
 * @public
 */
export type RolloutShadow = ApiSchemas['RolloutShadow'];
/** A version that is watched for a while after it took over all traffic. @public */
export type TrafficWatch = ApiSchemas['TrafficWatch'];
/** @public */
export type MetricAnalysis = ApiSchemas['MetricAnalysis'];
/** @public */
export type RolloutSeries = ApiSchemas['RolloutSeries'];
/** @public */
export type Deployment = ApiSchemas['Deployment'];
/** @public */
export type DeploymentRecord = ApiSchemas['DeploymentRecord'];
/** @public */
export type Incident = ApiSchemas['Incident'];
/** @public */
export type IncidentReport = ApiSchemas['IncidentReport'];
/** @public */
export type MeasureId = ApiSchemas['MeasureId'];
/** @public */
export type Measure = ApiSchemas['Measure'];
/** @public */
export type MetricsReport = ApiSchemas['MetricsReport'];
/** @public */
export type MetricsGroupPage = ApiSchemas['MetricsGroupPage'];
/** @public */
export type MetricsEventPage = ApiSchemas['MetricsEventPage'];
/** @public */
export type AuditEntry = ApiSchemas['AuditEntry'];
/** @public */
export type RegistryStatus = ApiSchemas['RegistryStatus'];
/** @public */
export type RegistryHealth = ApiSchemas['RegistryHealth'];
/**
 * Where models of the catalog are found, and how reading it goes.
 * @public
 */
export type ModelSourceHealth = ApiSchemas['ModelSourceHealth'];

/**
 * The sources of models.
 * @public
 */
export type ModelSourceHealthList = ApiSchemas['ModelSourceHealthList'];

/**
 * What the program that reads a source of models says of it.
 * @public
 */
export type ModelSourceReport = ApiSchemas['ModelSourceReport'];

/** @public */
export type RegistryHealthList = ApiSchemas['RegistryHealthList'];
/** @public */
export type FieldError = ApiSchemas['FieldError'];
/** @public */
export type Bundle = ApiSchemas['Bundle'];
/** @public */
export type BundleRef = ApiSchemas['BundleRef'];
/** @public */
export type BundleRegistration = ApiSchemas['BundleRegistration'];
/** @public */
export type BundlePromotion = ApiSchemas['BundlePromotion'];
/** @public */
export type BundlePromotionRequest = ApiSchemas['BundlePromotionRequest'];
/** @public */
export type CardFormat = ApiSchemas['CardFormat'];
/** @public */
export type CardSource = ApiSchemas['CardSource'];
/** @public */
export type CardFact = ApiSchemas['CardFact'];
/** @public */
export type CardMeasurement = ApiSchemas['CardMeasurement'];
/** @public */
export type CardText = ApiSchemas['CardText'];
/** @public */
export type CardSection = ApiSchemas['CardSection'];
/** @public */
export type ModelCard = ApiSchemas['ModelCard'];
/** @public */
export type ModelCardView = ApiSchemas['ModelCardView'];
/** @public */
export type CardFreshness = ApiSchemas['CardFreshness'];
/** @public */
export type CardTextStatus = ApiSchemas['CardTextStatus'];
/** @public */
export type ModelCardDiff = ApiSchemas['ModelCardDiff'];
/** @public */
export type CardImportRequest = ApiSchemas['CardImportRequest'];
/** @public */
export type CardImport = ApiSchemas['CardImport'];
/** @public */
export type LineageKind = ApiSchemas['LineageKind'];
/** @public */
export type LineageNode = ApiSchemas['LineageNode'];
/** @public */
export type LineageEdge = ApiSchemas['LineageEdge'];
/** @public */
export type LineageGraph = ApiSchemas['LineageGraph'];
/** @public */
export type ColumnLineage = ApiSchemas['ColumnLineage'];
/** @public */
export type LineageImpact = ApiSchemas['LineageImpact'];
/** @public */
export type FaultyDataRule = ApiSchemas['FaultyDataRule'];
/** @public */
export type FaultConsequence = ApiSchemas['FaultConsequence'];
/** @public */
export type DataFault = ApiSchemas['DataFault'];
/** @public */
export type DataFaultRequest = ApiSchemas['DataFaultRequest'];
/** @public */
export type SearchDocument = ApiSchemas['SearchDocument'];
/** @public */
export type SearchDocumentPage = ApiSchemas['SearchDocumentPage'];
