const TYPES: readonly [RegExp, string][] = [
  [
    /generation|summarization|translation|text-to-|image-to-|any-to-any/,
    'generator',
  ],
  [/question-answering|image-text-to-text|text2text/, 'generator'],
  [/detection|segmentation/, 'detector'],
  [/classification/, 'classifier'],
  [/regression/, 'regressor'],
  [/forecasting/, 'forecaster'],
  [/ranking|similarity|retrieval/, 'ranker'],
  [/recommend/, 'recommender'],
];

/** What kind of model solves a task, by the id of a Hugging Face task; `model` where that cannot be told. */
export function typeOfTask(task: unknown): string {
  return (
    TYPES.find(
      ([pattern]) => typeof task === 'string' && pattern.test(task),
    )?.[1] ?? 'model'
  );
}
