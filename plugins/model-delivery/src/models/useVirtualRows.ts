import {
  FocusEvent,
  KeyboardEvent,
  RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useLocation } from 'react-router-dom';
import {
  defaultRangeExtractor,
  Range,
  useWindowVirtualizer,
} from '@tanstack/react-virtual';
import { keepPlace, placeOf } from './places';

/** Rows that are drawn above and below what the window shows. */
const OVERSCAN = 10;
/** What the headings cover of what lies below them, in pixels. */
const HEADINGS = 32;

/** What {@link useVirtualRows} is told. */
export interface VirtualRowsOptions {
  /** How many rows there are, loaded or not. */
  count: number;
  /** What tells the row with that index apart, for the height it was measured to have. */
  keyOf: (index: number) => string | number;
  /** Height of a row that was not measured yet, in pixels. */
  estimate: number;
}

/**
 * The rows of a long table that the window shows, and no more, however long it is: it scrolls with the page. Arrow keys,
 * Home, End and the page keys go from row to row, to the first link of each. Whoever comes back by the
 * browser's own way finds the table where it was.
 * @param body - the element that holds the rows, each with its index as `data-index`
 */
export function useVirtualRows(
  body: RefObject<HTMLElement>,
  { count, keyOf, estimate }: VirtualRowsOptions,
) {
  const { key: location } = useLocation();
  const [scrollMargin, setScrollMargin] = useState(0);
  const [focused, setFocused] = useState<number | null>(null);
  /** The row that is to have the focus as soon as it is there. */
  const wanted = useRef<number | null>(null);

  const rangeExtractor = useCallback(
    (range: Range) => {
      const shown = defaultRangeExtractor(range);
      // Whoever scrolls by other ways does not lose their place in the order of tabs
      return focused === null || focused >= count || shown.includes(focused)
        ? shown
        : [...shown, focused].sort((one, other) => one - other);
    },
    [focused, count],
  );
  const virtualizer = useWindowVirtualizer<HTMLElement>({
    count,
    getItemKey: keyOf,
    estimateSize: () => estimate,
    overscan: OVERSCAN,
    scrollMargin,
    scrollPaddingStart: HEADINGS,
    rangeExtractor,
    // Where nothing is laid out, as under test, the estimate has to do
    measureElement: element => element.offsetHeight || estimate,
  });

  // What stands above the table comes and goes without telling it, and with it the page grows and shrinks
  useLayoutEffect(() => {
    const look = () => {
      const top = body.current
        ? body.current.getBoundingClientRect().top + window.scrollY
        : 0;
      setScrollMargin(known => (Math.abs(known - top) < 1 ? known : top));
    };
    look();
    if (!('ResizeObserver' in window)) {
      return undefined;
    }
    const observer = new ResizeObserver(look);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [body]);
  // Rows of another density are measured anew
  const measuredAt = useRef(estimate);
  useLayoutEffect(() => {
    if (measuredAt.current !== estimate) {
      measuredAt.current = estimate;
      virtualizer.measure();
    }
  }, [estimate, virtualizer]);

  const focusWanted = useCallback(() => {
    const link =
      wanted.current !== null &&
      body.current?.querySelector<HTMLElement>(
        `[data-index="${wanted.current}"] a`,
      );
    if (link) {
      wanted.current = null;
      link.focus({ preventScroll: true });
    }
  }, [body]);
  useLayoutEffect(focusWanted);

  const goTo = useCallback(
    (index: number) => {
      wanted.current = index;
      setFocused(index);
      if (index === 0) {
        // With what stands above the table
        virtualizer.scrollToOffset(0);
      } else {
        virtualizer.scrollToIndex(index, { align: 'auto' });
      }
      focusWanted();
    },
    [virtualizer, focusWanted],
  );
  const focusSoon = useCallback((index: number) => {
    wanted.current = index;
    setFocused(index);
  }, []);

  useComingBack(location, count, virtualizer, focused, focusSoon);

  return {
    rows: virtualizer.getVirtualItems(),
    height: virtualizer.getTotalSize(),
    scrollMargin,
    measure: virtualizer.measureElement,
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const from = indexOf(event.target);
      const page = Math.max(1, Math.floor(window.innerHeight / estimate) - 2);
      const to =
        from !== null && !event.ctrlKey && !event.metaKey && !event.altKey
          ? destination(event.key, from, page, count - 1)
          : undefined;
      if (to !== undefined) {
        event.preventDefault();
        goTo(to);
      }
    },
    onFocus: (event: FocusEvent<HTMLElement>) =>
      setFocused(indexOf(event.target)),
    onBlur: (event: FocusEvent<HTMLElement>) => {
      if (!body.current?.contains(event.relatedTarget)) {
        setFocused(wanted.current);
      }
    },
  };
}

/** Leaves behind where the table is, and goes there again. */
function useComingBack(
  location: string,
  count: number,
  virtualizer: ReturnType<typeof useWindowVirtualizer<HTMLElement>>,
  focused: number | null,
  focusSoon: (index: number) => void,
) {
  const left = useRef(placeOf(location));
  const now = useRef<{ index: number; focused: number | null }>();
  useEffect(() => {
    const place = left.current;
    if (place && place.index < count) {
      left.current = undefined;
      virtualizer.scrollToIndex(place.index, { align: 'start' });
      if (place.focused !== null && place.focused < count) {
        focusSoon(place.focused);
      }
    }
  }, [count, virtualizer, focusSoon]);
  useEffect(() => {
    const offset = virtualizer.scrollOffset ?? 0;
    now.current = {
      index:
        offset > virtualizer.options.scrollMargin
          ? virtualizer.getVirtualItemForOffset(offset)?.index ?? 0
          : 0,
      focused,
    };
  });
  useEffect(
    () => () => {
      if (now.current) {
        keepPlace(location, now.current);
      }
    },
    [location],
  );
}

function indexOf(target: EventTarget): number | null {
  const row = target instanceof Element ? target.closest('[data-index]') : null;
  return row ? Number(row.getAttribute('data-index')) : null;
}

/** The row that a key leads to; undefined for keys that lead nowhere. */
export function destination(
  key: string,
  from: number,
  page: number,
  last: number,
): number | undefined {
  const to: Record<string, number> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + page,
    PageUp: from - page,
    Home: 0,
    End: last,
  };
  return key in to ? Math.min(Math.max(to[key], 0), last) : undefined;
}
