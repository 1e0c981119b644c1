'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { OpenLog } from '@/components/builds/use-build-log';
import type { LinePlace } from '@/lib/build/views';
import { buildKeys, buildQueries, HITS_PER_PAGE } from '@/lib/queries/builds';

export type SearchState = {
  words: string;
  /** How many lines hold the words; `null` while nobody has looked. */
  total: number | null;
  /** Which of them is looked at, from 0. */
  index: number;
  isSearching: boolean;
  error: unknown;
};

const NOTHING: SearchState = {
  words: '',
  total: null,
  index: 0,
  isSearching: false,
  error: null,
};

export type LogSearch = SearchState & {
  /** Looks for other words, and shows the first line that holds them. */
  search: (words: string) => void;
  /** Goes to the next line found (1) or the one before (-1), around the ends. */
  step: (by: 1 | -1) => void;
  clear: () => void;
};

/** A search over all lines of an attempt, done where they are stored. `onHit` is given each line that is gone to. */
export function useLogSearch(
  { buildId, log }: OpenLog,
  onHit: (hit: LinePlace) => void,
): LogSearch {
  const client = useQueryClient();
  const [state, setState] = useState(NOTHING);
  // Only the answer to what was asked last counts.
  const asked = useRef(0);

  /** Gives up what is still being looked for: a long log is not read for nobody. */
  const giveUp = () => {
    asked.current += 1;
    return client.cancelQueries({ queryKey: buildKeys.searches(buildId) });
  };

  const go = async (words: string, index: number) => {
    const cancelled = giveUp();
    const turn = asked.current;
    setState((before) => ({
      ...(before.words === words ? before : { ...NOTHING, words }),
      isSearching: true,
      error: null,
    }));
    await cancelled;
    if (turn !== asked.current) return;
    const page = Math.floor(index / HITS_PER_PAGE);
    try {
      const { total, hits } = await client.fetchQuery(
        buildQueries.search(
          buildId,
          { attempt: log.attempt, words, page },
          log.isLive,
        ),
      );
      if (turn !== asked.current) return;
      setState({ words, total, index, isSearching: false, error: null });
      const hit = hits[index % HITS_PER_PAGE];
      if (hit) onHit(hit);
    } catch (error) {
      if (turn !== asked.current) return;
      setState({ ...NOTHING, words, error });
    }
  };
  const clear = () => {
    void giveUp();
    setState(NOTHING);
  };
  return {
    ...state,
    search: (words) => (words === '' ? clear() : void go(words, 0)),
    step: (by) => {
      const { words, total, index } = state;
      if (words === '' || !total) return;
      void go(words, (index + by + total) % total);
    },
    clear,
  };
}
