import { createHash } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import * as grpc from '@grpc/grpc-js';
import type { ProjectFile } from '@/lib/imagespec/tree';
import { type Fields, codecs } from '@/worker/buildkit/codec';

/** Folders a build may read, by the name it asks for: path → file. */
export type SyncedFolders = ReadonlyMap<
  string,
  ReadonlyMap<string, ProjectFile>
>;

/** What the engine calls the two folders of every build. */
export function buildFolders(
  dockerfile: string,
  context: ReadonlyMap<string, ProjectFile>,
): SyncedFolders {
  const bytes = Buffer.from(dockerfile);
  return new Map([
    ['dockerfile', new Map([['Dockerfile', { bytes, isExecutable: false }]])],
    ['context', context],
  ]);
}

// The protocol of fsutil: all STATs, then one REQ for each file that the engine has not got, answered by its DATA.
const codec = codecs(
  `message Stat { string path = 1; uint32 mode = 2; int64 size = 5; int64 modTime = 6; }
  message Packet { int32 type = 1; Stat stat = 2; uint32 ID = 3; bytes data = 4; }`,
)('Packet');
const PACKET = { stat: 0, request: 1, data: 2, finish: 3, error: 4 };
export const DIFF_COPY = '/moby.filesync.v1.FileSync/DiffCopy';

/** A folder, in the mode of Go's `os.FileMode`. */
const FOLDER_MODE = (0x8000_0000 | 0o755) >>> 0;
const CHUNK_BYTES = 256 * 1024;
const DAY_NS = 86_400n * 1_000_000_000n;

type Call = grpc.ServerDuplexStream<Fields, Fields>;

/** Lets a build read these folders; of a file that the engine still has from an earlier build it reads nothing. */
export function addFileSync(server: grpc.Server, folders: SyncedFolders): void {
  const definition: grpc.MethodDefinition<Fields, Fields> = {
    path: DIFF_COPY,
    requestStream: true,
    responseStream: true,
    requestSerialize: codec.write,
    requestDeserialize: codec.read,
    responseSerialize: codec.write,
    responseDeserialize: codec.read,
  };
  const handle: grpc.handleBidiStreamingCall<Fields, Fields> = (call) => {
    const folder = folders.get(String(call.metadata.get('dir-name')[0]));
    if (folder) send(call, listing(folder, wantedBy(call.metadata, folder)));
    else
      call.emit('error', {
        code: grpc.status.NOT_FOUND,
        details: 'there is no such folder',
      });
  };
  server.addService({ handle: definition }, { handle });
}

/** Sends one folder; requests are answered one after the other, in their order. */
function send(call: Call, entries: Entry[]): void {
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  call.on('cancelled', stop);
  call.on('error', stop);
  const write = async (packet: Fields) => {
    stopped.signal.throwIfAborted();
    if (!call.write(packet))
      await once(call, 'drain', { signal: stopped.signal });
  };
  let work = (async () => {
    for (const { stat } of entries) await write({ type: PACKET.stat, stat });
    await write({ type: PACKET.stat });
  })();
  // Whatever breaks here, the engine tells as the end of its build.
  const then = (next: () => Promise<void>) => {
    work = work.then(next);
    work.catch(stop);
  };
  work.catch(stop);
  call.on('data', ({ type, ID }: Fields) => {
    if (type === PACKET.request)
      then(async () => {
        const bytes = entries[Number(ID)]?.bytes ?? new Uint8Array();
        for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
          const data = bytes.subarray(at, at + CHUNK_BYTES);
          await write({ type: PACKET.data, ID, data });
        }
        await write({ type: PACKET.data, ID });
      });
    if (type === PACKET.finish)
      then(async () => {
        await write({ type: PACKET.finish });
        call.end();
      });
    if (type === PACKET.error) call.end();
  });
}

type Entry = { stat: Fields; bytes: Uint8Array | null };

/** Every folder before what is in it, in the order the protocol demands: by bytes, with `/` before all others. */
function listing(
  files: ReadonlyMap<string, ProjectFile>,
  isWanted: (name: string) => boolean,
): Entry[] {
  const entries = new Map<string, Entry>();
  for (const [name, { bytes, isExecutable }] of files) {
    if (!isWanted(name)) continue;
    for (
      let folder = path.posix.dirname(name);
      folder !== '.';
      folder = path.posix.dirname(folder)
    ) {
      const stat = { path: folder, mode: FOLDER_MODE };
      entries.set(folder, { stat, bytes: null });
    }
    entries.set(name, {
      stat: {
        path: name,
        mode: isExecutable ? 0o755 : 0o644,
        size: bytes.length,
        modTime: timeFor(bytes),
      },
      bytes,
    });
  }
  const order = (name: string) => Buffer.from(name.replaceAll('/', '\0'));
  return [...entries]
    .map(([name, entry]) => ({ key: order(name), entry }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ entry }) => entry);
}

/**
 * An engine takes a file for the one it has when size and time are the same; it never looks inside. So the time, one
 * within the first day of 1970, stands for the content.
 */
function timeFor(bytes: Uint8Array): number {
  const hash = createHash('sha256').update(bytes).digest();
  return Number(hash.readBigUInt64BE() % DAY_NS);
}

const PLAIN_NAME = /^[\w./@+-]+$/;

/**
 * Which files the engine wants to see, by the paths it names: all that is under one of them. Its words reach us joined
 * by commas and without an escape, so when anything in them or among the files is not plain, it sees all.
 */
function wantedBy(
  metadata: grpc.Metadata,
  files: ReadonlyMap<string, ProjectFile>,
): (name: string) => boolean {
  const named = ['include-patterns', 'followpaths'].flatMap((key) =>
    metadata.get(key).flatMap((value) => String(value).split(/, ?/)),
  );
  const isPlain = [...named, ...files.keys()].every((name) =>
    PLAIN_NAME.test(name),
  );
  const wanted = named.map((name) =>
    path.posix.normalize(name).replace(/^\/+|\/+$/g, ''),
  );
  const isAll =
    wanted.length === 0 ||
    !isPlain ||
    wanted.some((name) => /^\.?$/.test(name));
  if (isAll) return () => true;
  return (name) =>
    wanted.some((each) => name === each || name.startsWith(`${each}/`));
}
