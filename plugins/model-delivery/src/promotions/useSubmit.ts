import { useCallback, useRef, useState } from 'react';
import { readableError } from '../components';

/** What {@link useSubmit} gives. */
export interface Submit<Input> {
  /**
   * Sends; does nothing while an earlier one is under way, whatever was clicked.
   * @returns whether it was done
   */
  submit: (input: Input) => Promise<boolean>;
  /** As `submit`, but throws what is not a conflict, for a dialog that shows it itself. */
  submitOrThrow: (input: Input) => Promise<void>;
  pending: boolean;
  /** Why the last one was not done, apart from a conflict. */
  error: unknown;
  /** The server's words when somebody or something else was faster (409). */
  conflict: string | null;
}

/**
 * One deed at a time: a double click sends once, and a conflict is told apart from other errors.
 * @param send - does it; what it throws becomes `error` or `conflict`
 */
export function useSubmit<Input>(
  send: (input: Input) => Promise<void>,
): Submit<Input> {
  // A ref, since state arrives too late for the second click of a double click.
  const inFlight = useRef(false);
  const latest = useRef(send);
  latest.current = send;
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>();
  const [conflict, setConflict] = useState<string | null>(null);

  const run = useCallback(async (input: Input) => {
    if (inFlight.current) {
      return false;
    }
    inFlight.current = true;
    setPending(true);
    setError(undefined);
    setConflict(null);
    try {
      await latest.current(input);
      return true;
    } catch (caught) {
      const { status, message } = readableError(caught);
      if (status !== 409) {
        throw caught;
      }
      setConflict(message);
      return false;
    } finally {
      inFlight.current = false;
      setPending(false);
    }
  }, []);
  const submit = useCallback(
    async (input: Input) => {
      try {
        return await run(input);
      } catch (caught) {
        setError(caught);
        return false;
      }
    },
    [run],
  );
  const submitOrThrow = useCallback(
    async (input: Input) => {
      await run(input);
    },
    [run],
  );
  return { submit, submitOrThrow, pending, error, conflict };
}
