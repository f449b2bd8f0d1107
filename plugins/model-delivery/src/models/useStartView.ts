import { useEffect, useRef } from 'react';
import { useLocation, useNavigationType } from 'react-router-dom';
import type { Stored } from '../storage/useStored';
import type { SavedView, SavedViews } from './savedViews';

/**
 * Opens the list with the view that the person begins with, once, where its address says nothing itself. Whoever comes back,
 * or went elsewhere before it was known which view that is, stays where they are.
 */
export function useStartView(
  saved: Stored<SavedViews>,
  open: (view: SavedView) => void,
): void {
  const { key, search } = useLocation();
  const how = useNavigationType();
  const first = useRef({
    key,
    may: search === '' && (how !== 'POP' || key === 'default'),
  });
  useEffect(() => {
    if (!first.current.may || !saved.known) {
      return;
    }
    first.current.may = false;
    const { views, start } = saved.value;
    const view = views.find(({ id }) => id === start);
    if (view && key === first.current.key) {
      open(view);
    }
  });
}
