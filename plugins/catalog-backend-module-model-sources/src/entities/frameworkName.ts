/** Other spellings of the frameworks that MLflow has flavours of, by the name of the flavour. */
const NAMES: readonly [RegExp, string][] = [
  [/scikit[-_ ]?learn|sklearn/, 'sklearn'],
  [/pytorch|^torch/, 'pytorch'],
  [/tensorflow|^tf[-_ ]/, 'tensorflow'],
  [/sentence[-_ ]transformers/, 'sentence-transformers'],
  [/xgboost/, 'xgboost'],
  [/lightgbm/, 'lightgbm'],
  [/catboost/, 'catboost'],
  [/transformers/, 'transformers'],
  [/keras/, 'keras'],
  [/onnx/, 'onnx'],
  [/spark/, 'spark'],
  [/^(jax|flax)/, 'jax'],
];

/** One name for each framework: `scikit-learn 1.7` and `SKLearn` are `sklearn`. Unknown ones stay as they are. */
export function frameworkName(text: string): string {
  const plain = text.trim().toLocaleLowerCase('en-US');
  return knownFramework(plain) ?? plain;
}

/** The framework that a text names, such as that of an architecture; undefined when it names none that is known. */
export function knownFramework(text: string): string | undefined {
  const plain = text.trim().toLocaleLowerCase('en-US');
  return NAMES.find(([pattern]) => pattern.test(plain))?.[1];
}
