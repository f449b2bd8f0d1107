import { FormEvent, useCallback, useRef, useState } from 'react';

/** What {@link useSendOnce} gives. */
export interface SendOnce {
  /** Handles the form's submit event; does nothing while an earlier one is under way. */
  onSubmit: (event: FormEvent) => Promise<void>;
  sending: boolean;
  /** Why the last one was not done; undefined while there is nothing to say. */
  error: unknown;
  forgetError: () => void;
}

/**
 * Sends what a dialog asks for, once for a double click, and keeps what was refused for the dialog to show.
 * @param send - does it; what it throws becomes `error`
 */
export function useSendOnce(send: () => Promise<void>): SendOnce {
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  // State arrives too late for the second click of a double click
  const inFlight = useRef(false);
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    if (inFlight.current) {
      return;
    }
    inFlight.current = true;
    setSending(true);
    setError(undefined);
    try {
      await send();
    } catch (caught) {
      setError(caught);
    } finally {
      inFlight.current = false;
      setSending(false);
    }
  };
  const forgetError = useCallback(() => setError(undefined), []);
  return { onSubmit, sending, error, forgetError };
}
