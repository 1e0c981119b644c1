import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '@/lib/errors';
import { type Backoff, untilServed } from '@/worker/backoff';
import type { Enroller } from '@/worker/server-api';

const FILE = 'worker.json';

const Kept = z.object({
  server: z.string(),
  secret: z.string().regex(/^[\w-]{20,200}$/),
  /** `null` until the server took the code. */
  name: z.string().nullable(),
});
type Kept = z.infer<typeof Kept>;

/** What a connected worker keeps in its folder, `null` when it has never asked. Throws an Error that names the file. */
export function readIdentity(dir: string): Kept | null {
  const file = path.join(dir, FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return null;
    throw new Error(`${file} cannot be read.`, { cause: error });
  }
  try {
    return Kept.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(
      `${file} is damaged. Remove it and connect this worker anew.`,
      { cause },
    );
  }
}

/** Puts an identity aside that the server does not know any more, so that a code can make a new one. */
export function putAside(dir: string): void {
  const file = path.join(dir, FILE);
  renameSync(file, `${file}.revoked`);
}

/** A file that is whole or not there, for its owner only. */
function keep(dir: string, kept: Kept): void {
  const file = path.join(dir, FILE);
  writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/**
 * Connects a worker by a one-time code, and keeps its secret in its folder. The secret is made here and written down
 * before it is used: a process that dies in between asks again with the same one. Throws the server's AppError.
 */
export async function enrol(
  { dir, server, code }: { dir: string; server: string; code: string },
  version: string,
  enroller: Enroller,
  backoff: Backoff,
  signal: AbortSignal,
): Promise<{ secret: string; name: string }> {
  const begun = readIdentity(dir);
  const secret =
    begun?.server === server
      ? begun.secret
      : randomBytes(32).toString('base64url');
  keep(dir, { server, secret, name: null });
  const secretHash = createHash('sha256').update(secret).digest('hex');
  try {
    const { name } = await untilServed(backoff, signal, () =>
      enroller({ code, secretHash, version }, signal),
    );
    keep(dir, { server, secret, name });
    return { secret, name };
  } catch (error) {
    if (error instanceof AppError) rmSync(path.join(dir, FILE));
    throw error;
  }
}
