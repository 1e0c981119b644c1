import { isDeepStrictEqual } from 'node:util';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { buildRecordChunks, builds } from '@/db/schema';
import { makeActor } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import { listLines, locateLine, searchLines } from '@/lib/services/build-lines';
import { getAttempt, getBuild } from '@/lib/services/build-views';
import { pruneHistory } from '@/lib/services/history-pruning';
import { deleteRecord } from '@/lib/services/record-deletion';
import { importRecord } from '@/lib/services/record-import';
import { getRecord, listRecords } from '@/lib/services/record-views';
import {
  makeBuildPlace,
  makeFailedBuild,
} from '@/lib/services/testing/failed-builds';
import { exportBytes, filesOf } from '@/lib/services/testing/record-files';

const never = new AbortController().signal;
const clipped = {
  kind: 'clipped',
  at: 7,
  step: 'bad',
  by: 'limit',
  reason: 'Past the limit.',
} as const;
const long = {
  kind: 'line',
  at: 8,
  step: 'bad',
  stream: 'stderr',
  text: 'y'.repeat(60_000),
  cut: true,
} as const;

/** Who exported, who imported, and the record of a build with a log of three parts. */
let exporter: Actor;
let actor: Actor;
let buildId: string;
let bytes: Buffer;

beforeEach(async () => {
  exporter = await makeActor();
  actor = await makeActor();
  const more = [clipped, ...Array.from({ length: 40 }, () => long)];
  const place = await makeBuildPlace(exporter);
  ({ buildId } = await makeFailedBuild(place, { more }));
  bytes = await exportBytes(exporter, buildId);
});

/** The same files with the same texts; the keys of the manifest may come in another order. */
function expectSame(after: Map<string, string>, before: Map<string, string>) {
  const parsed = (files: Map<string, string>) =>
    JSON.parse(files.get('record.json') ?? '') as unknown;
  expect(isDeepStrictEqual(parsed(after), parsed(before))).toBe(true);
  expect([...after.keys()]).toEqual([...before.keys()]);
  for (const [name, text] of before)
    expect(name === 'record.json' || after.get(name) === text).toBe(true);
}

it('gives the same record when it is exported again', async () => {
  const { id } = await importRecord(actor, bytes);
  const before = await filesOf(bytes);
  expect(before.size).toBe(4);
  expectSame(await filesOf(await exportBytes(actor, id)), before);
});

it('gives the same record of a log that was removed', async () => {
  await db()
    .update(builds)
    .set({ finishedAt: new Date(Date.now() - 91 * 86_400_000) })
    .where(eq(builds.id, buildId));
  await pruneHistory(exporter.teamId);
  const removed = await exportBytes(exporter, buildId);
  const { id } = await importRecord(actor, removed);
  expectSame(
    await filesOf(await exportBytes(actor, id)),
    await filesOf(removed),
  );
  const { run } = await getRecord(actor, id);
  expect(run.steps.map(({ lines }) => lines)).toEqual([0, 20]);
  const lines = await listLines(actor, id, { from: 1, limit: 9, step: 'bad' });
  expect(lines.total).toBe(20);
});

describe('an imported build', () => {
  let id: string;
  beforeEach(async () => {
    ({ id } = await importRecord(actor, bytes));
  });

  it('is shown as it was: steps, failure, and from where it came', async () => {
    const { item, run, definition, exported } = await getRecord(actor, id);
    const original = await getBuild(exporter, buildId);
    expect(run.steps).toEqual(original.steps);
    expect(run.failure).toEqual(original.failure);
    expect(run.attempts).toEqual(original.attempts);
    expect(run.createdAt).toBe(original.createdAt);
    expect(definition.spec).toBe(original.spec.name);
    expect(exported).toMatchObject({ team: 'Research', by: 'Ada' });
    expect(item).toMatchObject({ importedBy: 'Ada', state: 'failed' });
    expect(await getAttempt(actor, id, 1)).toEqual(
      await getAttempt(exporter, buildId, 1),
    );
  });

  it('has its log read, searched and linked to as that of a build is', async () => {
    const query = { from: 30, limit: 50, step: 'bad' };
    expect(await listLines(actor, id, query)).toEqual(
      await listLines(exporter, buildId, query),
    );
    const last = await listLines(actor, id, { from: 115, limit: 20 });
    expect(last).toEqual(
      await listLines(exporter, buildId, { from: 115, limit: 20 }),
    );
    expect(last.lines.find(({ n }) => n === 121)?.gap).toBe('Past the limit.');
    expect(await locateLine(actor, id, { n: 77 })).toEqual(
      await locateLine(exporter, buildId, { n: 77 }),
    );
    const search = { words: 'line 1', skip: 3, limit: 5 };
    const found = await searchLines(actor, id, search, never);
    expect(found).toEqual(await searchLines(exporter, buildId, search, never));
    expect(found.total).toBeGreaterThan(20);
  });

  it('is no build of the team, and nothing of another one', async () => {
    const ofTeam = eq(builds.teamId, actor.teamId);
    expect(await db().select().from(builds).where(ofTeam)).toEqual([]);
    await expect(getBuild(actor, id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const other = await makeActor();
    for (const read of [
      () => getRecord(other, id),
      () => listLines(other, id, { from: 1, limit: 1 }),
      () => getAttempt(other, id, 1),
      () => exportBytes(other, id),
      () => deleteRecord(other, { recordId: id }),
    ])
      await expect(read()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await listRecords(other, {})).items).toEqual([]);
    await pruneHistory(actor.teamId);
    expect((await listRecords(actor, {})).items).toHaveLength(1);
  });

  it('is deleted with its log by who imported it, or an owner', async () => {
    const { teamId } = actor;
    const colleague = await makeActor({ teamId, role: 'member' });
    const { items } = await listRecords(colleague, {});
    expect(items).toMatchObject([{ id, canDelete: false }]);
    await expect(
      deleteRecord(colleague, { recordId: id }),
    ).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    const own = await importRecord(colleague, bytes);
    await deleteRecord(colleague, { recordId: own.id });
    await deleteRecord(actor, { recordId: id });
    expect(
      await db()
        .select()
        .from(buildRecordChunks)
        .where(eq(buildRecordChunks.buildId, id)),
    ).toEqual([]);
  });
});
