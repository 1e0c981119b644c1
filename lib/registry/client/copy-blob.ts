import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import type { RegistryClient } from '@/lib/registry/client';
import { unreachable } from '@/lib/registry/egress-failure';
import { RegistryError } from '@/lib/registry/errors';
import type { Blob } from '@/lib/registry/manifest';

const STALL_MS = 60_000;
const MAX_TRIES = 3;

export type BlobEnds = {
  from: { client: RegistryClient; repository: string };
  to: { client: RegistryClient; repository: string };
  /** Both ends are one registry, so a blob may be mounted. */
  isSameRegistry: boolean;
  stallMs?: number | undefined;
};

/**
 * Brings one blob over: not at all when it is there, mounted where that goes, else streamed from registry to registry
 * with its hash checked on the way, a piece at a time. A connection that breaks or stands still for a minute is begun
 * again, twice. `onBytes` is told how much of this blob has gone over; it falls back to 0 when it begins again.
 */
export async function copyBlob(
  ends: BlobEnds,
  blob: Blob,
  onBytes: (doneBytes: number) => void,
  signal: AbortSignal,
): Promise<'present' | 'mounted' | 'sent'> {
  const { from, to, isSameRegistry } = ends;
  if (await isThere(to, blob, signal)) return 'present';
  const isSameRepository = isSameRegistry && from.repository === to.repository;
  const mountFrom =
    isSameRegistry && !isSameRepository ? from.repository : null;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await to.client.pushBlob(
        to.repository,
        blob,
        { mountFrom, read: (send) => relay(ends, blob, onBytes, send, signal) },
        signal,
      );
    } catch (error) {
      signal.throwIfAborted();
      const mayHelp =
        error instanceof RegistryError &&
        (error.code === 'REGISTRY_UNREACHABLE' ||
          // A token may run out between the opening of an upload and its end.
          (error.code === 'REGISTRY_DENIED' && error.facts.status === 401));
      if (!mayHelp || attempt === MAX_TRIES) throw error;
      onBytes(0);
    }
  }
}

async function isThere(
  to: BlobEnds['to'],
  { digest }: Blob,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await to.client.headBlob(to.repository, digest, signal);
    return true;
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    // A registry that creates repositories on the first push refuses to look into one that is not there yet.
    if (['REGISTRY_NOT_FOUND', 'REGISTRY_DENIED'].includes(error.code))
      return false;
    throw error;
  }
}

async function relay(
  { from, to, stallMs = STALL_MS }: BlobEnds,
  blob: Blob,
  onBytes: (doneBytes: number) => void,
  send: (body: Transform) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  await from.client.streamBlob(
    from.repository,
    blob.digest,
    async (body) => {
      const stall = setTimeout(() => {
        meter.destroy(unreachable(to.client.registry));
      }, stallMs);
      const meter = createMeter(blob, from.client.registry, (doneBytes) => {
        stall.refresh();
        onBytes(doneBytes);
      });
      meter.on('end', () => clearTimeout(stall));
      body.on('error', (error) => meter.destroy(error));
      // What breaks is told by `send`, which reads the meter; an error nobody listens to would end the process.
      meter.on('error', () => undefined);
      try {
        await send(body.pipe(meter));
      } finally {
        clearTimeout(stall);
        meter.destroy();
      }
    },
    signal,
  );
}

/** Passes bytes on, counts them, and breaks the stream when they are not the blob's. */
function createMeter(
  blob: Blob,
  host: string,
  onBytes: (doneBytes: number) => void,
): Transform {
  const [algorithm = 'sha256', hex] = blob.digest.split(':');
  const hash = createHash(algorithm);
  let size = 0;
  const isBad = () =>
    new RegistryError(
      'REGISTRY_INVALID_ANSWER',
      `${host} answered with other content than ${blob.digest}.`,
      { facts: { stage: 'registry' } },
    );
  let held: Buffer | null = null;
  return new Transform({
    // The last piece waits for the verdict on the whole, so that wrong content never arrives complete.
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > blob.sizeBytes) {
        done(isBad());
        return;
      }
      hash.update(chunk);
      const before = held;
      held = chunk;
      onBytes(size);
      done(null, before ?? undefined);
    },
    flush(done) {
      const isGood = size === blob.sizeBytes && hash.digest('hex') === hex;
      if (isGood) done(null, held ?? undefined);
      else done(isBad());
    },
  });
}
