/** Prompts live in the registry beside models, but are none. */
const PROMPT_TAG = 'mlflow.prompt.is_prompt';
/** Tag of a logged model in which MLflow keeps the versions that were made from it. */
export const MODEL_VERSIONS_TAG = 'mlflow.modelVersions';

/** MLflow's tags, or other pairs of it, by their key. */
export function asRecord(
  pairs: { key: string; value: string }[],
): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}

/** Whether the tags are those of a prompt, or of a version of one. */
export function isPrompt(tags: Record<string, string>): boolean {
  return tags[PROMPT_TAG] === 'true';
}

/** What the tag of a logged model tells of the versions that were made from it; nothing where it makes no sense. */
export function readVersionsTag(
  tags: Record<string, string>,
): { name: string; version: string }[] {
  try {
    const told: unknown = JSON.parse(tags[MODEL_VERSIONS_TAG] ?? '[]');
    return (Array.isArray(told) ? told : []).flatMap(each =>
      typeof each?.name === 'string' &&
      ['string', 'number'].includes(typeof each.version)
        ? [{ name: each.name, version: String(each.version) }]
        : [],
    );
  } catch {
    return [];
  }
}
