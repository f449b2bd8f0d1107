import type { ModelSummary } from '@slipway/backstage-plugin-model-delivery-common';

/** What a name in the catalog cannot hold. */
const BEYOND_NAMES = /[^\u0020-\u007e]/;

/**
 * What stands below a model's name: its task, or its title when it has none. A title in another script, of which its name is
 * left with `model-11e13bd7` at worst, comes first whatever the task.
 */
export function underName(
  model: Pick<ModelSummary, 'title' | 'task'>,
): string[] {
  const { title, task } = model;
  return task && !BEYOND_NAMES.test(title)
    ? [task]
    : [title, ...(task ? [task] : [])];
}
