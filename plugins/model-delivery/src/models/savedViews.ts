import { Stored, useStored } from '../storage/useStored';
import { ModelsLayout, readLayout } from './modelsLayout';
import { formatModelsQuery, parseModelsQuery } from './modelsQuery';

/** A view that a person named: what it shows, and how. */
export type SavedView = {
  id: string;
  name: string;
  /** The query of its address, as `formatModelsQuery` writes it. */
  search: string;
  layout: ModelsLayout;
};

/** The views of a person. */
export type SavedViews = {
  views: SavedView[];
  /** Id of the view with which the list opens; null for all models. */
  start: string | null;
};

/** A person saves no more views than this. */
export const MOST_VIEWS = 30;
/** A name is no longer than this, in characters. */
export const LONGEST_NAME = 60;

/** Makes sense of views that were kept. */
export function readViews(kept: unknown): SavedViews {
  const { views, start } = (kept ?? {}) as Partial<SavedViews>;
  const read = (Array.isArray(views) ? views : [])
    .filter(
      view =>
        typeof view?.id === 'string' &&
        typeof view.name === 'string' &&
        typeof view.search === 'string',
    )
    .slice(0, MOST_VIEWS)
    .map(({ id, name, search, layout }) => ({
      id,
      name: name.slice(0, LONGEST_NAME),
      search: formatModelsQuery(
        parseModelsQuery(new URLSearchParams(search)),
      ).toString(),
      layout: readLayout(layout),
    }));
  return {
    views: read,
    start: read.some(({ id }) => id === start) ? start! : null,
  };
}

/** The view of that name with what is shown now: a new one, or the one of that name anew. */
export function saveView(
  { views, start }: SavedViews,
  view: Omit<SavedView, 'id'>,
  newId: string,
): SavedViews {
  const known = views.find(({ name }) => name === view.name);
  return {
    start,
    views: known
      ? views.map(each => (each === known ? { ...view, id: known.id } : each))
      : [...views, { ...view, id: newId }],
  };
}

/** The views of this person, from one visit to the next. */
export function useSavedViews(): Stored<SavedViews> {
  return useStored('models-views', readViews);
}
