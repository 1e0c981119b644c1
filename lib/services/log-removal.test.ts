import { and, eq, inArray } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { buildAttempts, buildLogChunks, buildSteps } from '@/db/schema';
import { makeActor } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import type { BuildState } from '@/lib/build/state';
import { followBuild } from '@/lib/services/build-follow';
import {
  downloadLines,
  listLines,
  locateLine,
  searchLines,
} from '@/lib/services/build-lines';
import { mergeLog } from '@/lib/services/build-log-store';
import { getAttempt, getBuild } from '@/lib/services/build-views';
import { pruneHistory } from '@/lib/services/history-pruning';
import { getLogUsage, keepLogs } from '@/lib/services/log-keeping';
import { updateLogRetention } from '@/lib/services/settings';
import {
  type BuildPlace,
  makeBuildPlace,
  makeFailedBuild,
} from '@/lib/services/testing/failed-builds';

const never = new AbortController().signal;
let actor: Actor;
let place: BuildPlace;

beforeEach(async () => {
  actor = await makeActor();
  place = await makeBuildPlace(actor);
});

const build = async (options: { state?: BuildState; daysAgo: number }) =>
  (await makeFailedBuild(place, options)).buildId;

const chunksOf = async (buildId: string) =>
  (
    await db()
      .select()
      .from(buildLogChunks)
      .where(eq(buildLogChunks.buildId, buildId))
  ).length;
const whichHaveLogs = async (ids: string[]) => {
  const counts = await Promise.all(ids.map(chunksOf));
  return counts.map((count) => count > 0);
};
const bytesOf = async (ids: string[]) => {
  const rows = await db()
    .select({ bytes: buildAttempts.logBytes })
    .from(buildAttempts)
    .where(inArray(buildAttempts.buildId, ids));
  return rows.reduce((sum, { bytes }) => sum + bytes, 0);
};
const texts = async (lines: AsyncGenerator<{ text: string }>) => {
  const all: string[] = [];
  for await (const { text } of lines) all.push(text);
  return all;
};

describe('by age', () => {
  it('goes what is past it, of ended builds of the team, unless it is kept', async () => {
    const ids = [
      await build({ daysAgo: 91 }),
      await build({ daysAgo: 89 }),
      await build({ daysAgo: 500 }),
      await build({ daysAgo: 500, state: 'building' }),
    ];
    await keepLogs(actor, { buildId: ids[2] ?? '', isKept: true });
    await pruneHistory((await makeActor()).teamId);
    expect(await whichHaveLogs(ids)).toEqual([true, true, true, true]);
    await pruneHistory(actor.teamId);
    expect(await whichHaveLogs(ids)).toEqual([false, true, true, true]);
    await keepLogs(actor, { buildId: ids[2] ?? '', isKept: false });
    await updateLogRetention(actor, { days: null, gigabytes: null });
    await pruneHistory(actor.teamId);
    expect(await whichHaveLogs(ids)).toEqual([false, true, true, true]);
    await updateLogRetention(actor, { days: 30, gigabytes: null });
    await pruneHistory(actor.teamId);
    expect(await whichHaveLogs(ids)).toEqual([false, false, false, true]);
  });

  it('goes more than one query looks at', async () => {
    const id = await build({ daysAgo: 100 });
    const [row] = await db()
      .select()
      .from(buildAttempts)
      .where(eq(buildAttempts.buildId, id));
    if (!row) throw new Error('no attempt');
    await db()
      .insert(buildAttempts)
      .values(
        Array.from({ length: 250 }, (_, index) => ({
          ...row,
          attempt: index + 2,
          workerId: null,
          logBytes: 10,
        })),
      );
    await pruneHistory(actor.teamId);
    expect(await bytesOf([id])).toBe(0);
  });
});

describe('by size', () => {
  it('goes the oldest, until the rest fits', async () => {
    const ids = [
      await build({ daysAgo: 4 }),
      await build({ daysAgo: 3 }),
      await build({ daysAgo: 2 }),
    ];
    const held = (id: string, bytes: number) =>
      db()
        .update(buildAttempts)
        .set({ logBytes: bytes })
        .where(eq(buildAttempts.buildId, id));
    for (const id of ids) await held(id, 600_000_000);
    await keepLogs(actor, { buildId: ids[0] ?? '', isKept: true });
    await updateLogRetention(actor, { days: null, gigabytes: 2 });
    await pruneHistory(actor.teamId);
    expect(await whichHaveLogs(ids)).toEqual([true, true, true]);
    await updateLogRetention(actor, { days: null, gigabytes: 1 });
    await pruneHistory(actor.teamId);
    expect(await whichHaveLogs(ids)).toEqual([true, false, false]);
    expect(await getLogUsage(actor)).toEqual({
      retention: { days: null, gigabytes: 1 },
      bytes: 600_000_000,
      keptBytes: 600_000_000,
    });
  });

  it('is measured as it is stored, also once it was merged', async () => {
    const id = await build({ daysAgo: 1 });
    const stored = async () => {
      const rows = await db()
        .select()
        .from(buildLogChunks)
        .where(eq(buildLogChunks.buildId, id));
      return rows.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    };
    expect(await bytesOf([id])).toBe(await stored());
    await db()
      .update(buildAttempts)
      .set({ logBytes: 1 })
      .where(eq(buildAttempts.buildId, id));
    await mergeLog({ buildId: id, attempt: 1 });
    expect(await bytesOf([id])).toBe(await stored());
  });
});

describe('a removed log', () => {
  let id: string;
  beforeEach(async () => {
    id = await build({ daysAgo: 91 });
    await pruneHistory(actor.teamId);
  });
  const note =
    /^The log was removed on \d{4}-\d\d-\d\d \(kept 90 days\); the facts stay\.$/;
  const lastOfBad = Array.from({ length: 20 }, (_, index) => 82 + index * 2);

  it('leaves every fact, and the last lines of the step that failed', async () => {
    const view = await getBuild(actor, id);
    const [attempt] = view.attempts;
    expect(attempt).toMatchObject({ lines: 120, log: 'removed' });
    expect(attempt?.removal).toMatchObject({ by: 'age', days: 90 });
    expect(view.steps.map(({ lines }) => lines)).toEqual([0, 20]);
    expect(view.steps.map(({ removedLines }) => removedLines)).toEqual([
      60, 40,
    ]);
    expect((await getAttempt(actor, id, 1)).steps).toEqual(view.steps);
    const rows = await db()
      .select({ lines: buildSteps.lineCount })
      .from(buildSteps)
      .where(and(eq(buildSteps.buildId, id)));
    expect(rows).toEqual([{ lines: 60 }, { lines: 60 }]);
  });

  it('is read as far as it stayed: by step, by number, by words', async () => {
    const read = (query: { from: number; limit: number; step?: string }) =>
      listLines(actor, id, query);
    const bad = await read({ from: 1, limit: 50, step: 'bad' });
    expect(bad.total).toBe(20);
    expect(bad.lines.map(({ n }) => n)).toEqual(lastOfBad);
    expect(bad.lines[0]?.text).toMatch(/^line 82 \0 x/);
    expect(await read({ from: 1, limit: 50, step: 'good' })).toMatchObject({
      total: 0,
      lines: [],
    });
    const range = await read({ from: 100, limit: 3 });
    expect(range.lines.map(({ n }) => n)).toEqual([100, 102]);
    expect(await locateLine(actor, id, { n: 84 })).toMatchObject({
      step: 'bad',
      place: 2,
    });
    await expect(locateLine(actor, id, { n: 1 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(note) as string,
    });
    const search = { words: 'line 1', skip: 0, limit: 2 };
    const found = await searchLines(actor, id, search, never);
    expect(found.total).toBe(11);
    expect(found.hits.map(({ n }) => n)).toEqual([100, 102]);
  });

  it('says so in a download, and its followers come to the end', async () => {
    const download = await downloadLines(actor, id, {});
    expect(download.note).toMatch(note);
    expect(await texts(download.lines)).toHaveLength(20);
    const whole = await downloadLines(actor, await build({ daysAgo: 1 }), {});
    expect(whole.note).toBeNull();
    const seen: string[] = [];
    const start = { attempt: 0, seq: 0 };
    for await (const { event } of followBuild(actor, id, start, never))
      seen.push(event);
    expect(seen).toEqual(['attempt', 'state', 'end']);
  });
});
