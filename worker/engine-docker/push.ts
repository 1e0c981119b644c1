import type Docker from 'dockerode';
import type { RegistryAuth } from '@/worker/registry-logins';
import { z } from 'zod';
import { EngineAnswerError, dialStream } from '@/worker/engine-docker/dial';
import { jsonLines } from '@/worker/engine-docker/json-lines';
import { IdleWatch } from '@/worker/idle-watch';
import type { PushTick } from '@/worker/push-progress';
import { FELL_SILENT, type PushAnswer } from '@/worker/push-step';

const Message = z.object({
  id: z.string().default(''),
  status: z.string().optional(),
  progressDetail: z
    .object({ current: z.number().default(0), total: z.number().default(0) })
    .optional(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string().optional() }).optional(),
  aux: z.unknown().optional(),
});
const Aux = z.object({ Digest: z.string() });

const DIGEST = /^\S+: digest: (sha256:[0-9a-f]{64}) size: \d+/;

/**
 * Pushes one local name. The digest comes from the status line, which every engine writes, else from `aux`. An engine
 * retries some failures for up to a minute by itself; one that falls silent for `idleMs` is given up here.
 */
export async function pushImage(
  docker: Docker,
  push: {
    repository: string;
    tag: string;
    auth: RegistryAuth | null;
    idleMs: number;
  },
  onTick: (tick: PushTick) => void,
  signal: AbortSignal,
): Promise<PushAnswer> {
  const watch = new IdleWatch(push.idleMs, signal);
  try {
    const stream = await dialStream(docker, {
      path: `/images/${push.repository}/push?`,
      method: 'POST',
      options: { tag: push.tag },
      // Without this header an engine refuses the request, also for an open registry.
      authconfig: push.auth ?? {},
      abortSignal: watch.signal,
      statusCodes: { 200: true },
    });
    return await readAnswer(stream, onTick, watch);
  } catch (error) {
    if (watch.isExpired) return { error: FELL_SILENT };
    if (error instanceof EngineAnswerError) return { error: error.message };
    throw error;
  } finally {
    watch.close();
  }
}

async function readAnswer(
  stream: AsyncIterable<Uint8Array>,
  onTick: (tick: PushTick) => void,
  watch: IdleWatch,
): Promise<PushAnswer> {
  let error: string | null = null;
  let digest: string | null = null;
  for await (const line of jsonLines(stream)) {
    watch.touch();
    const message = Message.parse(line);
    if (message.error !== undefined) {
      error = message.errorDetail?.message ?? message.error;
    }
    const aux = Aux.safeParse(message.aux);
    if (aux.success) digest ??= aux.data.Digest;
    if (message.status === undefined) continue;
    digest = DIGEST.exec(message.status)?.[1] ?? digest;
    onTick({
      layer: message.id,
      status: message.status,
      current: message.progressDetail?.current ?? 0,
      total: message.progressDetail?.total ?? 0,
    });
  }
  if (error !== null) return { error };
  return digest === null ? { error: 'the engine named no digest' } : { digest };
}
