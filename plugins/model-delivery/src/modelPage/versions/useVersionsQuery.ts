import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';
import {
  parseVersionsQuery,
  VersionsQuery,
  writeVersionsQuery,
} from './versionsQuery';

/** What the address says of the versions tab, and how to change it: a link to the same versions can be sent on. */
export function useVersionsQuery(): [
  VersionsQuery,
  (change: Partial<VersionsQuery>, how?: { replace?: boolean }) => void,
] {
  const [params, setParams] = useSearchParams();
  const query = useMemo(() => parseVersionsQuery(params), [params]);
  return [
    query,
    (change, { replace = true } = {}) =>
      setParams(
        current =>
          writeVersionsQuery(current, {
            ...parseVersionsQuery(current),
            ...change,
          }),
        { replace },
      ),
  ];
}
