'use client';
import { useEffect, useState } from 'react';
import {
  dropDraft,
  keepDraft,
  readDraft,
} from '@/components/specs/draft-store';
import { isSameDraft, type SpecDraft } from '@/components/specs/spec-draft';

export type OpenedDraft = {
  values: SpecDraft;
  /** The revision it goes on from; 0 for a new spec. */
  base: number;
  /** When it was brought back from this browser, the time it was last typed at. */
  restoredFrom: string | null;
};

/** What a form begins with: the draft this browser keeps, or `fresh`. Only in the browser, so not while hydrating. */
export function openDraft(
  key: string,
  fresh: SpecDraft,
  current: number,
): OpenedDraft {
  const stored = readDraft(key);
  return stored && !isSameDraft(stored.values, fresh)
    ? {
        values: stored.values,
        base: stored.base,
        restoredFrom: stored.savedAt,
      }
    : { values: fresh, base: current, restoredFrom: null };
}

type Kept = { keptAt: string | null; isRefused: boolean };

/** Keeps what is typed in this browser with every change, and nothing once it is what is saved. Gives when it did. */
export function useKeptDraft(
  key: string,
  values: SpecDraft,
  base: number,
  saved: SpecDraft,
): Kept {
  const [kept, setKept] = useState<Kept>({ keptAt: null, isRefused: false });
  const isPristine = isSameDraft(values, saved);
  const text = JSON.stringify(values);
  useEffect(() => {
    if (isPristine) {
      dropDraft(key);
      return;
    }
    const keptAt = new Date().toISOString();
    const typed = JSON.parse(text) as SpecDraft;
    const isKept = keepDraft(key, { base, savedAt: keptAt, values: typed });
    // Whether the browser keeps it is known only afterwards.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    setKept({ keptAt: isKept ? keptAt : null, isRefused: !isKept });
  }, [key, text, isPristine, base]);
  return kept;
}
