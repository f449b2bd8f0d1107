import { useMemo, useRef, useState } from 'react';
import {
  dataOf,
  LineageGraph,
} from '@slipway/backstage-plugin-model-delivery-common';
import { concernsModel, Live, useLive, useModelDelivery } from '../../api';
import { useModelName } from '../useModelDetail';
import { mergeGraphs, Way, withoutShortcuts } from './graph';

/** Neighbours of one node at first, and once one asks for more. */
const FEW = 6;
const MANY = 100;

/** The lineage of the model whose page one is on. */
export interface Lineage {
  state: Live<LineageGraph>;
  /** With all that was asked for since. */
  graph: LineageGraph | undefined;
  /** Shows what is beside a node. */
  expand: (node: string, way: Way) => Promise<void>;
  /** What is being asked for. */
  expanding: boolean;
  /** Why the last one was not shown. */
  error: unknown;
}

/** Loads the lineage of the model whose page one is on, as many steps each way as asked. */
export function useLineage(depth: number): Lineage {
  const { ref } = useModelName();
  const client = useModelDelivery();
  const [added, setAdded] = useState<LineageGraph[]>([]);
  const [expanding, setExpanding] = useState(false);
  const [error, setError] = useState<unknown>();
  const inFlight = useRef(false);
  const state = useLive(
    `lineage/${ref}/${depth}`,
    async context =>
      dataOf(
        await context.client.GET('/lineage', {
          params: { query: { node: ref, depth, fanOut: FEW } },
          signal: context.signal,
        }),
      ),
    { concerns: concernsModel(ref), pollSeconds: 30 },
  );
  // The same answer again is no other graph: nothing moves under one's hands
  const text = useMemo(() => JSON.stringify(state.data), [state.data]);
  const first = useMemo<LineageGraph | undefined>(
    () => text && JSON.parse(text),
    [text],
  );
  const graph = useMemo(
    () => first && withoutShortcuts(mergeGraphs([first, ...added])),
    [first, added],
  );
  const expand = async (node: string, direction: Way) => {
    if (inFlight.current) {
      return;
    }
    inFlight.current = true;
    setExpanding(true);
    setError(undefined);
    try {
      const more = dataOf(
        await client.GET('/lineage', {
          params: { query: { node, depth: 1, direction, fanOut: MANY } },
        }),
      );
      setAdded(known => [...known, more]);
    } catch (caught) {
      setError(caught);
    } finally {
      inFlight.current = false;
      setExpanding(false);
    }
  };
  return { state, graph, expand, expanding, error };
}
