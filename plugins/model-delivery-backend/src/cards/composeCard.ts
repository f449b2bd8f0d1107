import { Entity } from '@backstage/catalog-model';
import {
  ANNOTATION_LICENSE,
  CardFact,
  CardMeasurement,
  CardSection,
  CardSource,
  ModelCard,
  RELATION_BUILT_BY,
  RELATION_DERIVED_FROM,
  RELATION_SERVED_BY,
  RELATION_TRAINED_ON,
  RELATION_USES_FEATURES,
} from '@slipway/backstage-plugin-model-delivery-common';
import { ModelRecord } from '../models/ModelRecord';
import { VersionRecord } from '../versions/VersionRecord';
import { CardCompletion } from './readCardText';
import { SECTIONS } from './sections';

/** A decision on a promotion of the version. */
export interface CardDecision {
  environment: string;
  decision: 'approve' | 'reject';
  role: string;
  decidedBy: string;
  onBehalfOf: string | null;
  decidedAt: Date;
  voided: boolean;
}

/** A time in which the version had traffic. */
export interface CardDeployment {
  environment: string;
  /** Percent. */
  share: number;
  startedAt: Date;
  endedAt: Date | null;
  outcome: string;
  /** Entity refs of who is said to have approved it where it was made and approved outside Slipway, which has no decisions on it. */
  approvedBy: string[];
}

/** All that a card is composed of. */
export interface CardSources {
  model: ModelRecord;
  entity: Entity;
  version: VersionRecord | null;
  /** The latest of each fact, metric and slice that holds. */
  measurements: CardMeasurement[];
  /** How many more there are than are listed. */
  unlisted: number;
  decisions: CardDecision[];
  deployments: CardDeployment[];
  completion: { content: CardCompletion; source: 'text' | 'import' } | null;
}

const LICENCE = 'Licence';

const FAIRNESS = new Set([
  'fairness_gap',
  'demographic_parity_difference',
  'equalized_odds_difference',
  'equal_opportunity_difference',
]);

/** Composes the card. Pure: the same sources give the same card, whatever the time. */
export function composeCard(sources: CardSources): ModelCard {
  const { model, version, completion } = sources;
  const facts = factsOf(sources);
  const measured = (id: string) =>
    sources.measurements.filter(each => sectionOf(each) === id);
  const wordsOf = (id: string) =>
    (completion?.content.sections ?? [])
      .filter(each => each.id === id)
      .map(({ markdown }) => ({ markdown, source: completion!.source }));
  const further = (completion?.content.sections ?? []).filter(
    ({ id }) => id === null || !SECTIONS.some(each => each.id === id),
  );
  return {
    model: model.ref,
    title: model.title,
    version: version?.name ?? null,
    digest: version?.digest ?? null,
    asOf: lastOf(sources),
    sections: [
      ...SECTIONS.map(
        ({ id, title }): CardSection => ({
          id,
          title,
          facts: facts[id] ?? [],
          measurements: measured(id),
          texts: wordsOf(id),
        }),
      ),
      ...further.map(
        ({ title, markdown }, i): CardSection => ({
          id: `further-${i + 1}`,
          title,
          facts: [],
          measurements: [],
          texts: [{ markdown, source: completion!.source }],
        }),
      ),
    ],
  };
}

/** The section that a measurement is shown in. */
function sectionOf(measurement: CardMeasurement): string {
  if (measurement.fact === 'data') {
    return 'data';
  }
  return FAIRNESS.has(measurement.name) ? 'fairness' : 'evaluations';
}

function factsOf(sources: CardSources): Record<string, CardFact[]> {
  const { entity, model, version, completion } = sources;
  const spec: Record<string, unknown> = entity.spec ?? {};
  const parts = version?.parts;
  const said = (completion?.content.details ?? []).map(({ label, text }) =>
    fact(label, text, completion!.source),
  );
  return {
    details: [
      ...texts('Type', spec.type),
      ...texts('Task', model.task),
      fact('Lifecycle', model.lifecycle),
      fact('Risk', model.risk),
      fact('Tier', model.tier),
      ...(model.system ? [reference('System', model.system)] : []),
      ...related(entity, 'Base model', RELATION_DERIVED_FROM),
      ...texts('Base model', parts?.baseModel, 'version'),
      ...licence(entity, said),
      ...said,
    ],
    'intended-use': texts('Intended use', spec.intendedUse),
    'out-of-scope': texts('Not for', spec.outOfScope),
    data: [
      ...related(entity, 'Trained on', RELATION_TRAINED_ON),
      ...related(entity, 'Uses features', RELATION_USES_FEATURES),
      ...(parts?.data ?? []).map(each =>
        fact(
          'Data version',
          [each.name, each.version, each.digest].filter(Boolean).join(' '),
          'version',
        ),
      ),
    ],
    parameters: [
      ...Object.entries(parts?.parameters ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => fact(name, value, 'version')),
      ...(parts?.configuration ?? []).map(each =>
        fact('Configuration', Object.values(each).join(' '), 'version'),
      ),
    ],
    evaluations:
      sources.unlisted > 0
        ? [
            fact(
              'Not listed',
              `${sources.unlisted} more measurements`,
              'evaluations',
            ),
          ]
        : [],
    owners: [reference('Owner', model.owner)],
    approvals: [
      ...sources.decisions.map(decisionFact),
      ...sources.deployments.flatMap(approvalFact),
    ],
    deployments: [
      ...related(entity, 'Served by', RELATION_SERVED_BY),
      ...sources.deployments.map(deploymentFact),
    ],
    provenance: version ? provenanceOf(entity, version) : [],
  };
}

/** What the catalog says of the licence, unless the team's words say the same. */
function licence(entity: Entity, said: CardFact[]): CardFact[] {
  const written = said
    .filter(({ label }) => label === LICENCE)
    .map(({ text }) => text);
  const known = [...written, written.join(', ')];
  return texts(
    LICENCE,
    entity.metadata.annotations?.[ANNOTATION_LICENSE],
  ).filter(({ text }) => !known.includes(text));
}

function provenanceOf(entity: Entity, version: VersionRecord): CardFact[] {
  const { code, artifact } = version.parts;
  return [
    ...related(entity, 'Built by', RELATION_BUILT_BY),
    fact('Version', version.name, 'version'),
    fact('Digest', version.digest, 'version'),
    ...texts('Repository', code.repository, 'version'),
    fact('Commit', code.commit, 'version'),
    fact('Artefact', artifact.digest, 'version'),
    ...texts('Artefact address', artifact.uri, 'version'),
    isReference(version.trainedBy)
      ? reference('Trained by', version.trainedBy, 'version')
      : fact('Trained by', version.trainedBy, 'version'),
    fact('Registered', version.registeredAt.toISOString(), 'version'),
    ...texts('Pipeline run', version.runId, 'version'),
    ...texts('Registry', version.registryUri, 'version'),
  ];
}

function decisionFact(decision: CardDecision): CardFact {
  const { environment, role, decidedBy, onBehalfOf, decidedAt } = decision;
  const what = decision.decision === 'approve' ? 'approved' : 'rejected';
  return {
    label: `For ${environment}`,
    text: `${what} by ${decidedBy}${
      onBehalfOf ? ` for ${onBehalfOf}` : ''
    } as ${role}, ${decidedAt.toISOString()}${
      decision.voided ? ' (voided)' : ''
    }`,
    source: 'delivery',
  };
}

/** Who is said to have approved a deployment, if anybody. */
function approvalFact(deployment: CardDeployment): CardFact[] {
  const { environment, approvedBy, startedAt } = deployment;
  return approvedBy.length > 0
    ? [
        {
          label: `For ${environment}`,
          text: `approved by ${approvedBy.join(
            ', ',
          )}, as recorded with the deployment of ${startedAt.toISOString()}`,
          source: 'delivery',
        },
      ]
    : [];
}

function deploymentFact(deployment: CardDeployment): CardFact {
  const { share, startedAt, endedAt, outcome } = deployment;
  return {
    label: `In ${deployment.environment}`,
    text: endedAt
      ? `${startedAt.toISOString()} to ${endedAt.toISOString()}, ${outcome}`
      : `${share} % of the traffic, since ${startedAt.toISOString()}`,
    source: 'delivery',
  };
}

function related(entity: Entity, label: string, type: string): CardFact[] {
  const refs = (entity.relations ?? [])
    .filter(each => each.type === type)
    .map(each => each.targetRef);
  return [...new Set(refs)].sort().map(ref => reference(label, ref));
}

function texts(
  label: string,
  value: unknown,
  source: CardSource = 'catalog',
): CardFact[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap(each =>
    typeof each === 'string' && each.trim() !== ''
      ? [fact(label, each.trim(), source)]
      : [],
  );
}

function fact(
  label: string,
  text: string,
  source: CardSource = 'catalog',
): CardFact {
  return { label, text, source };
}

function reference(
  label: string,
  ref: string,
  source: CardSource = 'catalog',
): CardFact {
  return { label, text: ref, ref, source };
}

function isReference(text: string): boolean {
  return /^[^:/\s]+:[^:/\s]+\/[^:/\s]+$/.test(text);
}

/** When the last of what the card rests on happened. */
function lastOf(sources: CardSources): string | null {
  const times = [
    sources.version?.registeredAt,
    ...sources.measurements.flatMap(({ measuredAt }) =>
      measuredAt ? [new Date(measuredAt)] : [],
    ),
    ...sources.decisions.map(each => each.decidedAt),
    ...sources.deployments.flatMap(each => [each.startedAt, each.endedAt]),
  ].flatMap(each => (each ? [each.getTime()] : []));
  return times.length === 0
    ? null
    : new Date(times.reduce((a, b) => Math.max(a, b))).toISOString();
}
