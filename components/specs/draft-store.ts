import { z } from 'zod';
import { DRAFT_FIELDS, type SpecDraft } from '@/components/specs/spec-draft';

/** A draft as this browser keeps it until it is saved. It never leaves the browser before. */
export type StoredDraft = {
  /** The revision it began from; 0 for a new spec. */
  base: number;
  savedAt: string;
  values: SpecDraft;
};

// A draft of an earlier release lacks what has come since.
const Values = z
  .record(z.string(), z.string())
  .transform(
    (kept): SpecDraft =>
      Object.fromEntries(
        DRAFT_FIELDS.map((name) => [name, kept[name] ?? '']),
      ) as SpecDraft,
  );

const Stored = z.object({
  base: z.number().int(),
  savedAt: z.iso.datetime(),
  values: Values,
}) satisfies z.ZodType<StoredDraft>;

/** Where the draft of one person for one spec lies. People may share a browser. */
export function draftKey(userId: string, specId: string | null): string {
  return `imageyard:spec-draft:${userId}:${specId ?? 'new'}`;
}

/** The kept draft, or `null`. What another release wrote and cannot be read is dropped. */
export function parseDraft(text: string | null): StoredDraft | null {
  if (text === null) return null;
  try {
    return Stored.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

export function readDraft(key: string): StoredDraft | null {
  try {
    return parseDraft(localStorage.getItem(key));
  } catch {
    // The browser keeps nothing for this site.
    return null;
  }
}

/** False when the browser refuses to keep it. */
export function keepDraft(key: string, draft: StoredDraft): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function dropDraft(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Then nothing was kept either.
  }
}
