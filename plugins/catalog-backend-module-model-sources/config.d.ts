import { SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';

/** What the sources of every kind have. */
interface ModelSourceConfig {
  /** How often it is read. Default: every 5 minutes, for 10 minutes at most, first 15 seconds after the start. */
  schedule?: SchedulerServiceTaskScheduleDefinitionConfig;
  /** Namespace of the entities. Default `default`. */
  namespace?: string;
  /** For models that do not state them. */
  defaults?: {
    /** Who answers for a model until it names its owner. Default `group:default/unknown`. */
    owner?: string;
    system?: string;
    /** Default: large, until it is stated. */
    teamSize?: 'small' | 'medium' | 'large';
    /** Default `experimental`. */
    lifecycle?: 'experimental' | 'production' | 'deprecated';
  };
  /** Labels of the entities. */
  labels?: { [name: string]: string };
  /**
   * Share of the known models, 0 to 1, that one reading may remove; when more are gone, or all, none is removed, unless it
   * is 1. Default 0.5.
   */
  maxRemovedShare?: number;
}

/** What the sources that are files have. */
interface ModelFilesConfig extends ModelSourceConfig {
  /** Where the files are. */
  targets: Array<{
    /** `url` is read by Backstage's integrations and `backend.reading.allow`, `file` on the backend's machine. */
    type: 'url' | 'file';
    /** Where `*` and `**` stand for any names, as in a shell. */
    target: string;
  }>;
}

export interface Config {
  catalog?: {
    providers?: {
      /** Where models are found that become entities. */
      slipway?: {
        /** MLflow servers, by the name of their connection below `modelDelivery.mlflow`. */
        mlflow?: { [connection: string]: ModelSourceConfig };
        /** Hugging Face model cards: README.md files with front matter. */
        modelCards?: { [id: string]: ModelFilesConfig };
        /** CycloneDX ML-BOMs in JSON. */
        mlBoms?: { [id: string]: ModelFilesConfig };
      };
    };
  };
}
