import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { and, eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { auditEvents, files, specRevisions } from '@/db/schema';
import { makeActor, makeRegistry, makeSpec } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import { CopiedParts } from '@/lib/imagespec/archive';
import { copyDigest, sourceDigest } from '@/lib/imagespec/digests';
import { treeDigests } from '@/lib/services/archive-digests';
import {
  getArchive,
  listArchive,
  readArchive,
  readArchiveBytes,
  storeArchive,
} from '@/lib/services/archives';
import { tarOf, tgzOf, zipOf } from '@/lib/services/testing/archive-files';

let actor: Actor;

beforeEach(async () => {
  actor = await makeActor();
});

const upload = async (bytes: Buffer | Promise<Buffer>, by = actor) =>
  storeArchive(by, { fileName: 'project.tar', bytes: await bytes });
const rowsOf = ({ teamId }: Actor) =>
  db().select().from(files).where(eq(files.teamId, teamId));
const refused = { code: 'INVALID_INPUT' };
const project = () =>
  tarOf(
    { name: 'src/b.py', text: 'b' },
    { name: 'run.sh', text: '#!', mode: 0o755 },
  );

describe('storeArchive', () => {
  it('answers with the files in order, and stores them under their own SHA-256', async () => {
    const { sha256, files: listed, notes } = await upload(project());
    expect(listed).toEqual([
      { path: 'run.sh', size: 2, isExecutable: true },
      { path: 'src/b.py', size: 1, isExecutable: false },
    ]);
    expect(notes).toEqual([]);
    const bytes = await readArchiveBytes(actor.teamId, sha256);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    expect(await readArchive(actor.teamId, sha256)).toEqual(
      new Map([
        ['run.sh', { bytes: Buffer.from('#!'), isExecutable: true }],
        ['src/b.py', { bytes: Buffer.from('b'), isExecutable: false }],
      ]),
    );
  });

  it('stores the same files once, however they were packed', async () => {
    const first = await upload(project());
    const packings = [
      tgzOf(
        { name: './p/run.sh', text: '#!', mode: 0o777, uid: 1000 },
        { name: './p/src/b.py', text: 'b', mtime: new Date(1e12) },
      ),
      zipOf(
        { name: 'run.sh', text: '#!', mode: 0o100700 },
        { name: 'src/b.py', text: 'b', method: 0 },
      ),
    ];
    for (const packing of packings)
      expect((await upload(packing)).sha256).toBe(first.sha256);
    expect(await rowsOf(actor)).toHaveLength(1);
    const other = await upload(tarOf({ name: 'run.sh', text: '#!' }));
    expect(other.sha256).not.toBe(first.sha256);
  });

  it('notes who uploaded what', async () => {
    const { sha256 } = await upload(project());
    const events = await db()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.teamId, actor.teamId));
    expect(events).toMatchObject([
      {
        action: 'archive.store',
        subject: 'project.tar',
        userId: actor.userId,
        detail: { sha256, files: 2 },
      },
    ]);
  });

  it('stores nothing of what it refuses, and takes the next', async () => {
    const answers = await Promise.allSettled([
      upload(tarOf({ name: '../x', text: 'x' })),
      upload(project()),
      upload(Buffer.from('no archive')),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'rejected',
    ]);
    expect(await rowsOf(actor)).toHaveLength(1);
  });

  it('fails without the content in the failure', async () => {
    const nowhere = { ...actor, teamId: crypto.randomUUID() };
    const error: unknown = await upload(project(), nowhere).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Error);
    const text = inspect(error, { depth: Infinity, maxStringLength: Infinity });
    expect(text).toContain('foreign key');
    expect(text).not.toContain('Failed query');
  });

  it('forgets in a week what no revision names, and nothing else', async () => {
    const forgotten = await upload(tarOf({ name: 'forgotten', text: '1' }));
    const named = await upload(tarOf({ name: 'named', text: '1' }));
    const again = await upload(tarOf({ name: 'again', text: '1' }));
    const { revision } = await makeSpec(actor, await makeRegistry(actor));
    await db()
      .insert(specRevisions)
      .values({
        ...revision,
        id: crypto.randomUUID(),
        number: 2,
        archive: named.sha256,
      });
    await db()
      .insert(files)
      .values({
        teamId: actor.teamId,
        sha256: 'requirements',
        bytes: Buffer.from('pandas'),
      });
    const stranger = await makeActor();
    await upload(tarOf({ name: 'theirs', text: '1' }), stranger);
    await db()
      .update(files)
      .set({ createdAt: sql`now() - interval '8 days'` });
    const fresh = await upload(tarOf({ name: 'again', text: '1' }));
    expect(fresh.sha256).toBe(again.sha256);
    expect((await rowsOf(actor)).map(({ sha256 }) => sha256).sort()).toEqual(
      [named.sha256, again.sha256, 'requirements'].sort(),
    );
    expect(await rowsOf(stranger)).toHaveLength(1);
    await expect(
      readArchive(actor.teamId, forgotten.sha256),
    ).rejects.toMatchObject({
      ...refused,
      fields: { archive: expect.stringContaining('Upload it again') as string },
    });
  });
});

describe('a stored project', () => {
  it('is listed without being unpacked each time', async () => {
    const { sha256, files: listed } = await upload(project());
    await db()
      .delete(files)
      .where(and(eq(files.teamId, actor.teamId), eq(files.sha256, sha256)));
    expect(await listArchive(actor.teamId, sha256)).toEqual(listed);
  });

  it("is not found by another team, nor is one's own of another name", async () => {
    const { sha256 } = await upload(project());
    const stranger = await makeActor();
    const copied = { copy: [], sourceRoot: '', mode: '' };
    await expect(
      readArchiveBytes(stranger.teamId, sha256),
    ).rejects.toMatchObject(refused);
    await expect(readArchive(stranger.teamId, sha256)).rejects.toMatchObject(
      refused,
    );
    await expect(listArchive(stranger.teamId, sha256)).rejects.toMatchObject(
      refused,
    );
    await expect(
      treeDigests(stranger, { sha256, ...copied }),
    ).rejects.toMatchObject(refused);
    await expect(
      readArchive(actor.teamId, '0'.repeat(64)),
    ).rejects.toMatchObject(refused);
    await expect(getArchive(stranger, { sha256 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await getArchive(actor, { sha256 })).toMatchObject({ sha256 });
  });
});

describe('treeDigests', () => {
  const TREE = [
    { name: 'data/a.csv', text: '1' },
    { name: 'data/deep/b.csv', text: '2' },
    { name: 'src/train.py', text: 'x' },
    { name: 'src/train.pyc', text: 'y' },
  ];
  const ask = async (copied: Partial<CopiedParts>) => {
    const { sha256 } = await upload(tarOf(...TREE));
    const tree = await readArchive(actor.teamId, sha256);
    const answer = await treeDigests(actor, {
      sha256,
      copy: [],
      sourceRoot: '',
      mode: '',
      ...copied,
    });
    return { answer, tree };
  };
  const paths = TREE.map(({ name }) => name);

  it('are those that are saved with the spec', async () => {
    const { answer, tree } = await ask({
      copy: ['data', 'src/train.py'],
      sourceRoot: 'src',
      mode: 'ALL',
    });
    expect(answer).toEqual({
      paths,
      digests: {
        copy: copyDigest(tree, ['data', 'src/train.py']),
        source: sourceDigest(tree, 'src'),
      },
      problems: {},
    });
  });

  it.each<[string, Partial<CopiedParts>, object, string[]]>([
    ['nothing is copied', {}, {}, []],
    ['the mode is NO_COPY', { sourceRoot: 'src', mode: 'NO_COPY' }, {}, []],
    ['an entry is missing', { copy: ['data', 'gone'] }, {}, ['copy']],
    ['an entry leaves the project', { copy: ['../x'] }, {}, ['copy.0']],
    [
      'the folder is missing',
      { sourceRoot: 'gone', mode: 'ALL' },
      {},
      ['source_root'],
    ],
    ['the folder is not set', { mode: 'ALL' }, {}, ['source_root']],
    [
      'only running the code would tell',
      { sourceRoot: 'src' },
      {},
      ['source_copy_mode'],
    ],
    [
      'there is no such mode',
      { sourceRoot: 'src', mode: 'SOME' },
      {},
      ['source_copy_mode'],
    ],
  ])(
    'say by field what is wrong when %s',
    async (_, copied, digests, wrong) => {
      const { answer } = await ask(copied);
      expect(answer.digests).toEqual(digests);
      expect(Object.keys(answer.problems)).toEqual(wrong);
    },
  );

  it('come for one part when the other is wrong', async () => {
    const { answer } = await ask({ copy: ['data'], mode: 'ALL' });
    expect(Object.keys(answer.digests)).toEqual(['copy']);
    expect(Object.keys(answer.problems)).toEqual(['source_root']);
  });

  it.each([
    ['', []],
    ['data', ['data']],
    ['data\nsrc/a b.py', ['data', 'src/a b.py']],
  ])('read copy from a query as lines: %j', (copy, lines) => {
    const query = { copy, sourceRoot: '', mode: '' };
    expect(CopiedParts.parse(query).copy).toEqual(lines);
  });
});
