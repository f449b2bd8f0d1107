import {
  createContext,
  ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useState,
} from 'react';

/** How many parts of a page are loading for the first time, and who waits for them. */
class Loads {
  #loading = 0;
  readonly #waiting = new Set<() => void>();

  begin(): () => void {
    this.#loading += 1;
    return () => {
      this.#loading -= 1;
      if (this.#loading === 0) {
        this.#waiting.forEach(tell => tell());
      }
    };
  }

  /** Tells once nothing is loading. */
  wait(tell: () => void): () => void {
    if (this.#loading === 0) {
      tell();
    }
    this.#waiting.add(tell);
    return () => this.#waiting.delete(tell);
  }
}

const LoadsContext = createContext<Loads | undefined>(undefined);

/** The parts of a page of which a {@link OnceLoaded} waits for the others. */
export function LoadingTogether({ children }: { children: ReactNode }) {
  const [loads] = useState(() => new Loads());
  return (
    <LoadsContext.Provider value={loads}>{children}</LoadsContext.Provider>
  );
}

/**
 * Shown once everything beside it in its {@link LoadingTogether} has loaded or failed, and from then on: a button among parts
 * that still grow moves away under the pointer, and another one may come to lie there.
 */
export function OnceLoaded({ children }: { children: ReactNode }) {
  const loads = useContext(LoadsContext);
  const [isLoaded, setIsLoaded] = useState(loads === undefined);
  useEffect(
    () => (isLoaded ? undefined : loads?.wait(() => setIsLoaded(true))),
    [loads, isLoaded],
  );
  return isLoaded ? <>{children}</> : null;
}

/** Says that whoever shows this is a placeholder for what still loads. */
export function useLoading(): void {
  const loads = useContext(LoadsContext);
  useLayoutEffect(() => loads?.begin(), [loads]);
}
