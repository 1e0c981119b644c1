import { once } from 'node:events';
import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { type Fields, codecs } from '@/worker/buildkit/codec';
import {
  addFileSync,
  buildFolders,
  DIFF_COPY,
} from '@/worker/buildkit/file-sync';

// As an engine reads it.
const packet = codecs(
  `message Stat { string path = 1; uint32 mode = 2; uint32 uid = 3; uint32 gid = 4; int64 size = 5; int64 modTime = 6; }
  message Packet { int32 type = 1; Stat stat = 2; uint32 ID = 3; bytes data = 4; }`,
)('Packet');
type Stat = { path: string; mode: number; size: number; modTime: number };

let client: grpc.Client;
const open: (() => void)[] = [];

afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function offer(files: Record<string, string | Buffer>) {
  const server = new grpc.Server();
  const context = Object.entries(files).map(
    ([name, content]) =>
      [
        name,
        { bytes: Buffer.from(content), isExecutable: name.endsWith('.sh') },
      ] as const,
  );
  addFileSync(server, buildFolders('FROM scratch\n', new Map(context)));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(
      '127.0.0.1:0',
      grpc.ServerCredentials.createInsecure(),
      (error, bound) => (error ? reject(error) : resolve(bound)),
    ),
  );
  client = new grpc.Client(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
  );
  open.push(
    () => client.close(),
    () => server.forceShutdown(),
  );
}

/** Reads a folder as an engine does that has every file but those it `wants`. */
async function read(
  folder: string,
  wants: string[] = [],
  followPaths: string[] = [],
) {
  const metadata = new grpc.Metadata();
  metadata.add('dir-name', folder);
  for (const each of followPaths) metadata.add('followpaths', each);
  const call = client.makeBidiStreamRequest<Fields, Fields>(
    DIFF_COPY,
    packet.write,
    packet.read,
    metadata,
  );
  const stats: Stat[] = [];
  const contents: Record<string, string> = {};
  call.on('data', ({ type, stat, ID, data }: Fields) => {
    if (type === 0 && stat) stats.push(stat as Stat);
    if (type === 0 && !stat) {
      for (const [id, { path }] of stats.entries())
        if (wants.includes(path)) call.write({ type: 1, ID: id });
      if (wants.length === 0) call.write({ type: 3 });
    }
    if (type === 2) {
      const name = stats[Number(ID)]?.path ?? '';
      const bytes = Buffer.from(data as Uint8Array);
      contents[name] = (contents[name] ?? '') + bytes.toString();
      const isLast = bytes.length === 0 && name === wants.at(-1);
      if (isLast) call.write({ type: 3 });
    }
  });
  await once(call, 'end');
  return { stats, names: stats.map(({ path }) => path), contents };
}

describe('a folder that is read through a session', () => {
  it('names each folder before what is in it, and orders / before every other character', async () => {
    await offer({ 'a-b': '', 'a.txt': '', 'a/b/c': '', 'a/b.txt': '', Z: '' });
    const { names, stats } = await read('context');
    expect(names).toEqual([
      'Z',
      'a',
      'a/b',
      'a/b/c',
      'a/b.txt',
      'a-b',
      'a.txt',
    ]);
    // As Go writes a folder's mode.
    expect(stats[1]?.mode).toBe(0x8000_0000 + 0o755);
  });

  it('says what may be run', async () => {
    await offer({ 'run.sh': '#!', 'read.txt': 'it' });
    const { stats } = await read('context');
    expect(stats.map(({ mode }) => mode)).toEqual([0o644, 0o755]);
  });

  it('sends the content of a file that is asked for, and of no other', async () => {
    const large = 'abcdefg'.repeat(150_000);
    await offer({ large, small: 'small', 'in/folder': 'it is', empty: '' });
    const wants = ['in/folder', 'large'];
    const { contents } = await read('context', wants);
    expect(Object.keys(contents).sort()).toEqual(wants);
    expect(contents.large === large).toBe(true);
    expect(contents['in/folder']).toBe('it is');
  });

  it('gives a file another time when its content is another, and only then', async () => {
    const times = async (content: string) => {
      await offer({ same: 'same', changed: content });
      const { stats } = await read('context');
      return new Map(stats.map(({ path, modTime }) => [path, modTime]));
    };
    const [before, after] = [await times('one'), await times('two')];
    expect(after.get('same')).toBe(before.get('same'));
    expect(after.get('changed')).not.toBe(before.get('changed'));
  });

  it('shows only what is under the paths that the engine names', async () => {
    await offer({ 'src/a.py': '', 'src/b.py': '', src2: '', 'other/src': '' });
    expect((await read('context', [], ['src'])).names).toEqual([
      'src',
      'src/a.py',
      'src/b.py',
    ]);
    expect((await read('context', [], ['./other/', 'src2'])).names).toEqual([
      'other',
      'other/src',
      'src2',
    ]);
    expect((await read('context', [], ['.dockerignore'])).names).toEqual([]);
  });

  it('shows all when a name has more than one reading', async () => {
    await offer({ 'a, b': '', ü: '', c: '' });
    expect((await read('context', [], ['a, b'])).names).toHaveLength(3);
    await offer({ 'a.py': '', 'b.txt': '' });
    expect((await read('context', [], ['*.py'])).names).toHaveLength(2);
    expect((await read('context', [], ['.'])).names).toHaveLength(2);
  });

  it('keeps the Dockerfile apart from the context', async () => {
    await offer({ Dockerfile: 'of the project' });
    const { contents } = await read('dockerfile', ['Dockerfile']);
    expect(contents).toEqual({ Dockerfile: 'FROM scratch\n' });
  });

  it('knows no other folder', async () => {
    await offer({});
    const metadata = new grpc.Metadata();
    metadata.add('dir-name', '/etc');
    const call = client.makeBidiStreamRequest<Fields, Fields>(
      DIFF_COPY,
      packet.write,
      packet.read,
      metadata,
    );
    call.on('data', () => {});
    await expect(once(call, 'end')).rejects.toMatchObject({
      code: grpc.status.NOT_FOUND,
    });
  });
});
