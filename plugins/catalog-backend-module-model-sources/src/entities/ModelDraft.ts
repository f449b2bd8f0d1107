import { ModelEntityV1alpha1 } from '@slipway/backstage-plugin-model-delivery-common';

/** A field of a Model's `spec`. */
export type SpecField = keyof ModelEntityV1alpha1['spec'];

/** What a source says of one model, as it says it: nothing of it is checked yet. */
export interface ModelDraft {
  /** What it is in its source, and stays as long as it is the same model: a registered model's name, a file's address. */
  source: string;
  /** What it is called there. */
  name: string;
  title?: string;
  description?: string;
  /** Where people read it. */
  url?: string;
  /** Where people change it; `url` unless set. */
  editUrl?: string;
  /** The file that holds its model card, as the annotation `slipway.dev/model-card` of a provided entity has it. */
  cardFile?: string;
  /** `mlflow://main/…`, as the annotation `slipway.dev/registry` has it. */
  registry?: string;
  framework?: string;
  license?: string;
  tags?: string[];
  /** Fields of the kind that the source states. */
  spec: Partial<Record<SpecField, unknown>>;
  /** Names of base models which are no entity references, such as `distilbert/distilbert-base-uncased`. */
  baseModels?: string[];
  /** Names of data sets which are no entity references, such as `imdb`. */
  datasets?: string[];
  /** What could not be taken over, in words. */
  notes?: string[];
}
