/** Prompts live in the registry beside models, but are none. */
const PROMPT_TAG = 'mlflow.prompt.is_prompt';

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
