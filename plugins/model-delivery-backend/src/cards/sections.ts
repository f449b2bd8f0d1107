/** A section that every card has a place for. */
export interface KnownSection {
  id: string;
  title: string;
  /** Headings of the team's text that belong here, in lower case. */
  headings: readonly string[];
  /** Absent for what a card can do without. */
  required?: {
    /** What is missing, as a heading. */
    what: string;
    /** Where to write it. */
    how: string;
  };
}

const TEXT = 'MODEL_CARD.md';

/** The sections of a card in their order; the headings are those of Hugging Face's template and what teams write. */
export const SECTIONS: readonly KnownSection[] = [
  {
    id: 'details',
    title: 'Model details',
    headings: [
      'model details',
      'model description',
      'description',
      'details',
      'overview',
      'summary',
      'model summary',
    ],
    required: {
      what: 'Licence',
      how: `The key \`license\` in the front matter of ${TEXT}`,
    },
  },
  {
    id: 'intended-use',
    title: 'Intended use',
    headings: [
      'intended use',
      'intended uses',
      'intended uses & limitations',
      'uses',
      'use',
      'direct use',
      'downstream use',
      'primary intended uses',
    ],
    required: {
      what: 'Intended use',
      how: `\`spec.intendedUse\` in catalog-info.yaml, or "## Intended use" in ${TEXT}`,
    },
  },
  {
    id: 'out-of-scope',
    title: 'Out-of-scope use',
    headings: [
      'out-of-scope use',
      'out-of-scope uses',
      'out of scope',
      'out of scope use',
      'out-of-scope',
      'misuse',
      'out-of-scope use cases',
    ],
    required: {
      what: 'Out-of-scope use',
      how: `\`spec.outOfScope\` in catalog-info.yaml, or "## Out-of-scope use" in ${TEXT}`,
    },
  },
  {
    id: 'data',
    title: 'Data',
    headings: [
      'data',
      'training data',
      'training details',
      'evaluation data',
      'testing data',
      'datasets',
      'preprocessing',
    ],
    required: {
      what: 'Training data',
      how: `\`spec.trainedOn\` in catalog-info.yaml, or the data versions that the pipeline registers with the version`,
    },
  },
  {
    id: 'parameters',
    title: 'Parameters and configuration',
    headings: [
      'parameters',
      'hyperparameters',
      'training hyperparameters',
      'training procedure',
      'configuration',
    ],
  },
  {
    id: 'evaluations',
    title: 'Evaluations',
    headings: [
      'evaluation',
      'evaluations',
      'evaluation results',
      'results',
      'metrics',
      'performance',
      'quantitative analyses',
    ],
    required: {
      what: 'Evaluations with intervals',
      how: 'Evaluations that the pipeline reports of the version, each metric with its interval',
    },
  },
  {
    id: 'fairness',
    title: 'Fairness',
    headings: ['fairness', 'bias', 'fairness and bias', 'bias and fairness'],
    required: {
      what: 'Fairness by group',
      how: `A fairness metric that the pipeline reports, such as \`fairness_gap\`, or "## Fairness" in ${TEXT}`,
    },
  },
  {
    id: 'limitations',
    title: 'Limitations',
    headings: [
      'limitations',
      'limitation',
      'known limitations',
      'risks',
      'bias, risks, and limitations',
      'bias, risks and limitations',
      'risks and limitations',
      'limitations and bias',
      'caveats and recommendations',
      'recommendations',
    ],
    required: {
      what: 'Limitations',
      how: `"## Limitations" in ${TEXT}`,
    },
  },
  {
    id: 'ethics',
    title: 'Ethical considerations',
    headings: [
      'ethical considerations',
      'ethics',
      'ethical considerations and limitations',
      'environmental impact',
    ],
  },
  {
    id: 'owners',
    title: 'Owners',
    headings: [
      'owners',
      'owner',
      'contact',
      'model card contact',
      'model card authors',
      'authors',
    ],
    required: { what: 'Owner', how: '`spec.owner` in catalog-info.yaml' },
  },
  { id: 'approvals', title: 'Approvals', headings: ['approvals'] },
  {
    id: 'deployments',
    title: 'Deployment',
    headings: ['deployment', 'deployments'],
  },
  {
    id: 'provenance',
    title: 'Provenance',
    headings: ['provenance', 'technical specifications'],
    required: {
      what: 'A registered version',
      how: 'The pipeline registers the version with its commit, data and artefact',
    },
  },
];

const BY_HEADING = new Map(
  SECTIONS.flatMap(section =>
    [...section.headings, section.title.toLowerCase()].map(
      heading => [heading, section] as const,
    ),
  ),
);

/** The section that a heading belongs to, whatever its case; undefined for one that no section knows. */
export function sectionOfHeading(heading: string): KnownSection | undefined {
  return BY_HEADING.get(
    heading
      .toLocaleLowerCase('en-US')
      .replace(/^[\d.\s]+/, '')
      .replace(/[\s:]+$/, '')
      .replace(/\s+/g, ' ')
      .trim(),
  );
}
