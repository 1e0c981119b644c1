import { Duplex, Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { DialOptions } from 'docker-modem';
import { AppError } from '@/lib/errors';
import { whyAway } from '@/worker/engine-away';

/** An answer of the engine other than the wanted one, in its own words. */
export class EngineAnswerError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'EngineAnswerError';
    this.status = status;
  }
}

/** Sends a request whose answer is a stream. Throws what `engineError` makes. */
export async function dialStream(
  docker: Docker,
  options: DialOptions,
): Promise<Readable> {
  const answer = await dial(docker, { ...options, isStream: true });
  if (answer instanceof Readable) return answer;
  throw new AppError(
    'ENGINE_FAILED',
    'The engine did not answer with a stream.',
  );
}

/** Sends a request that turns its connection into a two-way stream. Throws what `engineError` makes. */
export async function dialDuplex(
  docker: Docker,
  options: DialOptions,
): Promise<Duplex> {
  const answer = await dial(docker, { ...options, hijack: true });
  if (answer instanceof Duplex) return answer;
  throw new AppError('ENGINE_FAILED', 'The engine did not open a session.');
}

/** Sends a request whose answer is JSON. Throws what `engineError` makes. */
export function dialJson(
  docker: Docker,
  options: DialOptions,
): Promise<unknown> {
  return dial(docker, options);
}

function dial(docker: Docker, options: DialOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    docker.modem.dial(options, (error, answer) => {
      if (error) reject(engineError(error));
      else resolve(answer);
    });
  });
}

/**
 * What a failed request to the engine means: EngineAnswerError when it answered, else an AppError with
 * ENGINE_UNREACHABLE or ENGINE_FAILED.
 */
export function engineError(error: unknown): Error {
  if (error instanceof AppError || error instanceof EngineAnswerError)
    return error;
  const { statusCode, code, json } = fields(error);
  if (typeof statusCode === 'number') {
    return new EngineAnswerError(statusCode, answerText(json, error));
  }
  const away = typeof code === 'string' ? whyAway(code) : undefined;
  if (away) return new AppError('ENGINE_UNREACHABLE', away, { cause: error });
  return new AppError('ENGINE_FAILED', 'The container engine failed.', {
    cause: error,
  });
}

function fields(error: unknown): {
  statusCode?: unknown;
  code?: unknown;
  json?: unknown;
} {
  return typeof error === 'object' && error !== null ? error : {};
}

function answerText(json: unknown, error: unknown): string {
  if (
    typeof json === 'object' &&
    json !== null &&
    'message' in json &&
    typeof json.message === 'string'
  ) {
    return json.message;
  }
  // For an answer that was to be a stream, the words stand in dockerode's own sentence only.
  const sentence = error instanceof Error ? error.message : '';
  return /^\(HTTP code \d+\) .*? - ([^]*) $/.exec(sentence)?.[1] ?? sentence;
}

/** Whatever an engine does wrong is one of its two AppErrors. */
export function broke(error: unknown): never {
  const known = engineError(error);
  if (known instanceof AppError) throw known;
  throw new AppError('ENGINE_FAILED', 'The container engine failed.', {
    cause: known,
  });
}
