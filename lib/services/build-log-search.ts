import 'server-only';
import type { LinePlace } from '@/lib/build/views';
import { findWords, plainLine } from '@/lib/build/plain-line';
import { addTo, indexLog } from '@/lib/services/build-log-index';
import {
  type LogKey,
  nextChunks,
  readTexts,
} from '@/lib/services/build-log-store';
import { db } from '@/db';

export type LogSearch = {
  words: string;
  /** Hits to pass over, and at most how many to give. */
  skip: number;
  limit: number;
};

/** What of a stored event a search looks at. It was checked when it was accepted. */
type Searched = { kind: string; step: string; text: string };

/**
 * Looks for words in every line of an attempt, as it is read: colours left out, progress bars as they ended, whatever
 * the case. Gives how many lines hold them and where some of those stand. A chunk at a time, so that a long log neither
 * fills memory nor keeps others waiting.
 */
export async function searchLog(
  key: LogKey,
  { words, skip, limit }: LogSearch,
  signal: AbortSignal,
): Promise<{ total: number; hits: LinePlace[] }> {
  const known = new Map(
    (await indexLog(key)).map((run) => [`${run.firstLine}:${run.lines}`, run]),
  );
  const places = new Map<string, number>();
  const hits: LinePlace[] = [];
  let total = 0;
  let after = 0;
  for (;;) {
    const [chunk] = await nextChunks(db(), key, after, 1);
    // Nobody waits for the answer of an aborted one.
    if (!chunk || signal.aborted) return { total, hits };
    after = chunk.lastSeq;
    const texts = await readTexts(chunk);
    const run = known.get(`${chunk.firstLine}:${chunk.lines}`);
    if (run && !mayHold(texts, words)) {
      for (const [step, lines] of run.counts) addTo(places, step, lines);
      continue;
    }
    let n = chunk.firstLine - 1;
    for (const text of texts) {
      const { kind, step, text: line } = JSON.parse(text) as Searched;
      if (kind !== 'line') continue;
      n += 1;
      addTo(places, step, 1);
      if (findWords(plainLine(line), words).length === 0) continue;
      total += 1;
      if (total > skip && hits.length < limit)
        hits.push({ n, step, place: places.get(step) ?? 0 });
    }
  }
}

/** Whether lines may hold the words, by their JSON: what colours part, or JSON writes another way, has to be read. */
function mayHold(texts: readonly string[], words: string): boolean {
  const wanted = JSON.stringify(words).slice(1, -1).toLowerCase();
  return texts.some(
    (text) => text.includes('\\u') || text.toLowerCase().includes(wanted),
  );
}
