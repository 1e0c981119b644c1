import { useState } from 'react';
import type { BuildItemView } from '@/lib/build/views';

type Chosen = Pick<BuildItemView, 'id' | 'number'>;

export type CompareChoice = {
  /** At most two, the older first. */
  chosen: readonly Chosen[];
  toggle: (build: Chosen) => void;
  clear: () => void;
};

/** Two builds to compare, chosen one by one, also on two pages of a list. A third takes the place of the first. */
export function useCompareChoice(): CompareChoice {
  const [clicked, setClicked] = useState<readonly Chosen[]>([]);
  return {
    chosen: clicked.toSorted((a, b) => a.number - b.number),
    toggle: ({ id, number }) =>
      setClicked(
        clicked.some((build) => build.id === id)
          ? clicked.filter((build) => build.id !== id)
          : [...clicked.slice(-1), { id, number }],
      ),
    clear: () => setClicked([]),
  };
}
