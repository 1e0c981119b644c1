import 'server-only';
import { eq, sql } from 'drizzle-orm';
import { db } from '@/db';
import { workers } from '@/db/schema';
import { PROTOCOL, PROTOCOL_HEADER } from '@/lib/build/protocol';
import { hashToken } from '@/lib/crypto';
import { env } from '@/lib/env';
import { AppError } from '@/lib/errors';
import { isLoopbackHost } from '@/lib/registry/loopback';

export type WorkerActor = { workerId: string; teamId: string; name: string };

/**
 * The worker behind a request. Throws WORKER_PROTOCOL for another release's protocol, WORKER_UNKNOWN for a secret not
 * stored here.
 */
export async function requireWorker(request: Request): Promise<WorkerActor> {
  const spoken = request.headers.get(PROTOCOL_HEADER) ?? '';
  const isOurs = spoken === String(PROTOCOL);
  const secret = /^Bearer ([\w-]{20,200})$/.exec(
    request.headers.get('authorization') ?? '',
  )?.[1];
  const [worker] = secret
    ? await db()
        .update(workers)
        .set({
          lastSeenAt: sql`now()`,
          refusedProtocol: isOurs ? null : spoken.slice(0, 20),
        })
        .where(eq(workers.secretHash, hashToken(secret)))
        .returning({
          workerId: workers.id,
          teamId: workers.teamId,
          name: workers.name,
        })
    : [];
  // Said first: a worker of another release may not even send its secret as we expect it.
  requireProtocol(request);
  if (!worker)
    throw new AppError(
      'WORKER_UNKNOWN',
      'No worker with this secret is registered here.',
    );
  return worker;
}

/** Throws WORKER_PROTOCOL for a worker of a release that speaks otherwise. */
export function requireProtocol({ headers }: Request): void {
  if (headers.get(PROTOCOL_HEADER) === String(PROTOCOL)) return;
  throw new AppError(
    'WORKER_PROTOCOL',
    `This server speaks worker protocol ${PROTOCOL}.`,
  );
}

/** Credentials leave only over https or to this machine itself. Throws NOT_ALLOWED. */
export function requirePrivateChannel(request: Request): void {
  const isHttps =
    request.headers.get('x-forwarded-proto') === 'https' ||
    env().PUBLIC_URL.startsWith('https://');
  const host = request.headers.get('host')?.toLowerCase() ?? '';
  if (isHttps || isLoopbackHost(host)) return;
  throw new AppError(
    'NOT_ALLOWED',
    'Work is handed out over https or to this machine only. Put TLS in front of the server.',
  );
}
