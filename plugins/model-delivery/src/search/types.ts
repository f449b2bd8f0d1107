/** The type of results that are versions, as `search-backend-module-model-delivery` names it. */
export const MODEL_VERSION = 'model-version';

/** The type of results that are model cards. */
export const MODEL_CARD = 'model-card';
