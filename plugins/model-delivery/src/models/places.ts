/** Where somebody was in a list when they left it. */
export interface Place {
  /** The first row that the window showed. */
  index: number;
  /** The row that had the focus. */
  focused: number | null;
}

/** Lists that are remembered, each by its entry in the browser's history; the oldest is forgotten for one more. */
const MOST_PLACES = 50;

const places = new Map<string, Place>();

/** Remembers where somebody was, until the page is loaded anew. */
export function keepPlace(entry: string, place: Place): void {
  places.delete(entry);
  places.set(entry, place);
  if (places.size > MOST_PLACES) {
    places.delete(places.keys().next().value!);
  }
}

/** Where somebody was when they left that entry of the history; undefined the first time. */
export function placeOf(entry: string): Place | undefined {
  return places.get(entry);
}
