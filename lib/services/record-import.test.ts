import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { buildRecordChunks, buildRecords, builds } from '@/db/schema';
import { makeActor } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import { listLines, locateLine, searchLines } from '@/lib/services/build-lines';
import { getAttempt, getBuild } from '@/lib/services/build-views';
import { pruneHistory } from '@/lib/services/history-pruning';
import { deleteRecord } from '@/lib/services/record-deletion';
import { importRecord } from '@/lib/services/record-import';
import { getRecord, listRecords } from '@/lib/services/record-views';
import { type TarEntry, tgzOf } from '@/lib/services/testing/archive-files';
import {
  makeBuildPlace,
  makeFailedBuild,
} from '@/lib/services/testing/failed-builds';
import {
  exportBytes,
  filesOf,
  recordOf,
} from '@/lib/services/testing/record-files';

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

describe('what is not imported', () => {
  const MANIFEST = 'record.json';
  const PART = 'log/1/000001.jsonl';
  let files: Map<string, string>;
  beforeEach(async () => {
    files = await filesOf(bytes);
  });

  const entries = () =>
    [...files].map(([name, text]): TarEntry => ({ name, text }));
  async function expectRefused(packed: Buffer, message: RegExp) {
    await expect(importRecord(actor, packed)).rejects.toMatchObject({
      code: 'RECORD_INVALID',
      message: expect.stringMatching(message) as string,
    });
    // All or nothing.
    const ofTeam = eq(buildRecords.teamId, actor.teamId);
    expect(await db().select().from(buildRecords).where(ofTeam)).toEqual([]);
  }
  const refuseFiles = async (message: RegExp) =>
    expectRefused(await tgzOf(...entries()), message);
  const changeManifest = (
    change: (record: Record<string, unknown>) => void,
  ) => {
    const record = recordOf(files) as unknown as Record<string, unknown>;
    change(record);
    files.set(MANIFEST, JSON.stringify(record));
  };

  it('is taken when nothing is wrong with it', async () => {
    await importRecord(actor, await tgzOf(...entries()));
  });

  it('is a file that is none, empty, cut off or damaged', async () => {
    await expectRefused(Buffer.from('hello'), /no build record|empty/);
    await expectRefused(Buffer.alloc(0), /no build record|empty/);
    await expectRefused(
      bytes.subarray(0, -200),
      /cut off|not whole|half a line/,
    );
    await expectRefused(await tgzOf(), /empty/);
  });

  it('is another version of the format, by its number', async () => {
    changeManifest((record) => (record.version = 2));
    await refuseFiles(/version 2 of the format; this release reads version 1/);
    files.set(MANIFEST, '{"format":"other","version":1}');
    await refuseFiles(/The file is no build record/);
  });

  it('is a manifest with something more, less or else in it', async () => {
    const original = files.get(MANIFEST) ?? '';
    for (const [change, message] of [
      [(record) => (record.more = 1), /record\.json is not as/],
      [(record) => delete record.outputs, /at “outputs”/],
      [
        (record) => ((record.build as { state: string }).state = 'building'),
        /at “build\.state”/,
      ],
      [
        (record) => ((record.build as { tag: string }).tag = 'a\0b'),
        /at “build\.tag”/,
      ],
      [
        (record) => ((record.build as { attempt: number }).attempt = 2),
        /not in order/,
      ],
    ] as [(record: Record<string, unknown>) => void, RegExp][]) {
      files.set(MANIFEST, original);
      changeManifest(change);
      await refuseFiles(message);
    }
    files.set(MANIFEST, '['.repeat(1_000_000));
    await refuseFiles(/no JSON/);
  });

  it('is a path that leads elsewhere, a link, or a part out of order', async () => {
    const [manifest, ...parts] = entries();
    if (!manifest) throw new Error('no manifest');
    for (const wrong of [
      { name: '../record.json', text: manifest.text ?? '' },
      { name: '/etc/passwd', text: 'x' },
      { name: MANIFEST, type: 'symlink', linkname: '/etc/passwd' } as const,
    ])
      await expectRefused(await tgzOf(wrong, ...parts), /no build record/);
    for (const wrong of [
      { name: 'log/1/../../000001.jsonl', text: 'x' },
      { name: 'log/1/000002.jsonl', text: 'x' },
      { name: 'log/7/000001.jsonl', text: 'x' },
    ])
      await expectRefused(await tgzOf(manifest, wrong), /has no place/);
    await expectRefused(
      await tgzOf(manifest, { name: PART, type: 'symlink', linkname: 'x' }),
      /no build record/,
    );
    await expectRefused(await tgzOf(manifest, ...parts, manifest), /no place/);
  });

  it('is a log that is not what the record speaks of', async () => {
    const text = files.get(PART) ?? '';
    for (const [wrong, message] of [
      [text.replace('"n":3,', '"n":4,'), /Line 3 of attempt 1/],
      [text.replace('"step":"good"', '"step":"other"'), /Line 1 of attempt 1/],
      [text.replace('"stream":"stdout"', '"stream":"x"'), /at “stream”/],
      [text.replace('{"n":1,', '{"n":1,"more":1,'), /A line of log/],
      [text.slice(0, -1), /half a line/],
      ['{}}\n', /no JSON/],
    ] as const) {
      files.set(PART, wrong);
      await refuseFiles(message);
    }
    files.set(PART, text);
    files.delete('log/1/000003.jsonl');
    await refuseFiles(/not whole: it has \d+ lines, .* speaks of 160/);
  });

  it('is a bomb: a part or a manifest that unpacks to more than it may', async () => {
    files.set(PART, 'x'.repeat(5 * 1024 * 1024));
    await refuseFiles(/larger than it may be/);
    files.set(MANIFEST, ' '.repeat(17 * 1024 * 1024));
    await refuseFiles(/larger than it may be/);
    // Nothing but padding, in as many gzip members as it takes.
    const zeros = gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 1 });
    const nine = Array.from({ length: 9 }, () => zeros);
    await expectRefused(Buffer.concat(nine), /larger than 512 MiB/);
  });
});
