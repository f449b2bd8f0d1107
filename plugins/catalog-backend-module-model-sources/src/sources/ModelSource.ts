import { SchedulerServiceTaskScheduleDefinition } from '@backstage/backend-plugin-api';
import { ModelDraft } from '../entities/ModelDraft';
import { SourceDefaults } from '../entities/toModelEntity';

/** How one source is read, whatever its kind. */
export interface SourceSettings extends SourceDefaults {
  schedule: SchedulerServiceTaskScheduleDefinition;
  /** Share of the known models, 0 to 1, that one reading may remove; more is held back. */
  maxRemovedShare: number;
}

/** A model that a source holds now. */
export interface FoundModel {
  draft: ModelDraft;
  /** The target that it was found by, where the source has several. */
  target?: string;
}

/** What of a source was refused. */
export interface Refusal {
  /** What it is in the source. */
  source: string;
  message: string;
  /** Where it was looked for: it is refused for as long as that does not change. */
  target: string;
}

/** What one reading of a source brought. */
export interface SourceReading {
  found: FoundModel[];
  /** Targets that did not change, or could not be read: what was found by them stays. */
  unchangedTargets: string[];
  /** What is there and was refused, by what it is in the source. What was known of it stays. */
  refused: Refusal[];
  /** Targets that could not be read. */
  errors: string[];
  /** By which the next reading tells whether a target changed. */
  etags: Record<string, string>;
}

/** A place where models are found. */
export interface ModelSource {
  readonly settings: SourceSettings;
  /** Where it reads, as people know it. */
  readonly places: string[];
  /**
   * Reads all of it, but what did not change since `etags`.
   * @throws Error when nothing of it could be read; the message may be shown to people.
   */
  read(options: {
    etags: Record<string, string>;
    signal?: AbortSignal;
  }): Promise<SourceReading>;
}
