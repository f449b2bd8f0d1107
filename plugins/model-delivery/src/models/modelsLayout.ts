import { Stored, useStored } from '../storage/useStored';
import { columnsOf, USUAL_COLUMNS } from './modelColumns';

/** How close together the rows are; the closer, the less each says. */
export type Density = 'comfortable' | 'compact';

/** How the list looks, whatever it shows. */
export type ModelsLayout = {
  /** Ids of columns. */
  columns: string[];
  density: Density;
};

/** How the list looks for whoever set nothing. */
export const USUAL_LAYOUT: ModelsLayout = {
  columns: USUAL_COLUMNS,
  density: 'comfortable',
};

/** Makes sense of a layout that was kept; columns that there are no more are left out. */
export function readLayout(kept: unknown): ModelsLayout {
  const { columns, density } = (kept ?? {}) as Partial<ModelsLayout>;
  return {
    columns: Array.isArray(columns)
      ? columnsOf(columns).map(({ id }) => id)
      : USUAL_LAYOUT.columns,
    density: density === 'compact' ? 'compact' : 'comfortable',
  };
}

/** How the list looks for this person, from one visit to the next. */
export function useModelsLayout(): Stored<ModelsLayout> {
  return useStored('models-layout', readLayout);
}
