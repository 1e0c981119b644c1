import { gzipSync } from 'node:zlib';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { buildRecords } from '@/db/schema';
import { makeActor } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import { importRecord } from '@/lib/services/record-import';
import { type TarEntry, tgzOf } from '@/lib/services/testing/archive-files';
import {
  exportBytes,
  filesOf,
  recordOf,
} from '@/lib/services/testing/record-files';
import {
  makeBuildPlace,
  makeFailedBuild,
} from '@/lib/services/testing/failed-builds';

/** Who imports, and the record of a build with a log of three parts. */
let actor: Actor;
let bytes: Buffer;

beforeEach(async () => {
  const exporter = await makeActor();
  actor = await makeActor();
  const long = {
    kind: 'line',
    at: 8,
    step: 'bad',
    stream: 'stderr',
    text: 'y'.repeat(60_000),
  } as const;
  const { buildId } = await makeFailedBuild(await makeBuildPlace(exporter), {
    more: Array.from({ length: 40 }, () => long),
  });
  bytes = await exportBytes(exporter, buildId);
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
