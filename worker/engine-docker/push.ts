import type Docker from 'dockerode';
import type { RegistryAuth } from '@/worker/engine-docker/credentials';
import { z } from 'zod';
import { EngineAnswerError, dialStream } from '@/worker/engine-docker/dial';
import { jsonLines } from '@/worker/engine-docker/json-lines';

/** Words and bytes of one layer, or of the whole push when `layer` is empty. */
export type PushTick = {
  layer: string;
  status: string;
  current: number;
  total: number;
};

export type PushAnswer = { digest: string } | { error: string };

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
    if (watch.isExpired)
      return { error: 'i/o timeout: the registry fell silent' };
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

/** Aborts when nothing was heard for a while, or when the outer signal does. */
class IdleWatch {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #idleMs: number;
  #timer: NodeJS.Timeout;
  isExpired = false;
  readonly #onOuter = () => this.#controller.abort();

  constructor(idleMs: number, outer: AbortSignal) {
    this.#idleMs = idleMs;
    this.#outer = outer;
    this.#timer = this.#start();
    if (outer.aborted) this.#onOuter();
    outer.addEventListener('abort', this.#onOuter);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#onOuter);
  }

  #start(): NodeJS.Timeout {
    return setTimeout(() => {
      this.isExpired = true;
      this.#controller.abort();
    }, this.#idleMs);
  }
}
