import { gunzipSync } from 'node:zlib';
import tar from 'tar-stream';
import type { Actor } from '@/lib/auth';
import { BuildRecord, RecordLine } from '@/lib/build/build-record';
import { exportRecord } from '@/lib/services/record-export';

/** What is sent of a record. */
export async function exportBytes(
  actor: Actor,
  buildId: string,
): Promise<Buffer> {
  const { body } = await exportRecord(actor, buildId);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The files of a record, in order. */
export async function filesOf(packed: Buffer): Promise<Map<string, string>> {
  const extract = tar.extract();
  extract.end(gunzipSync(packed));
  const files = new Map<string, string>();
  for await (const entry of extract) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) chunks.push(chunk as Uint8Array);
    files.set(entry.header.name, Buffer.concat(chunks).toString('utf8'));
  }
  return files;
}

export function recordOf(files: Map<string, string>): BuildRecord {
  return BuildRecord.parse(JSON.parse(files.get('record.json') ?? ''));
}

/** The lines of its logs. */
export function linesOf(files: Map<string, string>): RecordLine[] {
  return [...files]
    .filter(([name]) => name.startsWith('log/'))
    .flatMap(([, text]) => text.trimEnd().split('\n'))
    .map((text) => RecordLine.parse(JSON.parse(text)));
}
