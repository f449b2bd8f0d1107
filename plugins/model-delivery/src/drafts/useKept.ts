import { useMemo, useState } from 'react';
import { readDraft, writeDraft } from './draftStorage';
import { useUserRef } from './useUserRef';

/** Something written that is not sent yet. */
export interface Kept<Draft extends object> {
  value: Draft;
  change: (part: Partial<Draft>) => void;
  /** Forgets it: it was sent, or given up. */
  drop: () => void;
}

/**
 * What somebody writes, so that it outlives another theme, which builds the page anew, and a reload.
 * @param about - what it is about and what of that it binds to: what was written about something else is not given
 * @param empty - what it begins with; its fields are the ones that are kept. The same object each time.
 */
export function useKept<Draft extends object>(
  about: string,
  empty: Draft,
): Kept<Draft> {
  const user = useUserRef();
  const [written, setWritten] = useState<{ about: string; draft: Draft }>();
  const kept = useMemo(
    () => (user ? readDraft(user, about) : undefined),
    [user, about],
  );
  const value =
    written?.about === about ? written.draft : { ...empty, ...kept };
  const keep = (draft: Draft, isKept: boolean) => {
    setWritten({ about, draft });
    if (user) {
      writeDraft(user, about, isKept ? draft : undefined);
    }
  };
  return {
    value,
    change: part => keep({ ...value, ...part }, true),
    drop: () => keep(empty, false),
  };
}
