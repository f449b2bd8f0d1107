import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import {
  alertApiRef,
  StorageApi,
  storageApiRef,
  StorageValueSnapshot,
  useApi,
} from '@backstage/core-plugin-api';
import { readableError } from '../components';

/** What can be kept: whatever JSON can say. */
type Storable = Parameters<StorageApi['set']>[1];

const BUCKET = 'model-delivery';

/** Something that a person set, and keeps. */
export interface Stored<T> {
  value: T;
  /** Whether it is known what was kept; until then `value` is what it is for whoever kept nothing. */
  known: boolean;
  keep: (value: T) => void;
}

/**
 * What a person set and keeps from one visit to the next: by Backstage's storage, which is on the server where the backend
 * has the plugin of user settings, and in the browser otherwise.
 * @param read - makes sense of what was kept, whoever wrote it; given undefined for whoever kept nothing
 */
export function useStored<T extends Storable>(
  key: string,
  read: (kept: unknown) => T,
): Stored<T> {
  const storageApi = useApi(storageApiRef);
  const alertApi = useApi(alertApiRef);
  const bucket = useMemo(() => storageApi.forBucket(BUCKET), [storageApi]);
  const [snapshot, setSnapshot] = useState<
    Pick<StorageValueSnapshot<Storable>, 'presence' | 'value'>
  >(() => bucket.snapshot(key));
  /** One after the other, in the order in which they were set; told of each, nobody sees what they set since undone. */
  const writes = useRef({ pending: 0, last: Promise.resolve() });
  useEffect(() => {
    setSnapshot(bucket.snapshot(key));
    const subscription = bucket.observe$<Storable>(key).subscribe({
      next: told => {
        if (writes.current.pending === 0) {
          setSnapshot(told);
        }
      },
    });
    return () => subscription.unsubscribe();
  }, [bucket, key]);

  const keep = useCallback(
    (value: T) => {
      setSnapshot({ presence: 'present', value });
      const { current } = writes;
      current.pending++;
      current.last = current.last
        .then(() => bucket.set(key, value))
        .catch(error =>
          alertApi.post({
            message: `Not kept for the next visit: ${
              readableError(error).message
            }`,
            severity: 'warning',
            display: 'transient',
          }),
        )
        .finally(() => {
          current.pending--;
        });
    },
    [bucket, key, alertApi],
  );
  const { presence, value: kept } = snapshot;
  return {
    // eslint-disable-next-line react-hooks/exhaustive-deps
    value: useMemo(() => read(kept), [kept]),
    known: presence !== 'unknown',
    keep,
  };
}
