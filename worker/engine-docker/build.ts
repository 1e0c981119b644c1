import type Docker from 'dockerode';
import { z } from 'zod';
import { EngineAnswerError, dialStream } from '@/worker/engine-docker/dial';
import { jsonLines } from '@/worker/engine-docker/json-lines';
import { openSession } from '@/worker/engine-docker/session';
import type { SessionAnswers } from '@/worker/buildkit/session';
import { decodeTrace, type Trace } from '@/worker/buildkit/trace';
import { pause } from '@/worker/time-limit';

export type BuildRequest = {
  /** The local name of the result. */
  name: string;
  platform: string;
  noCache: boolean;
  answers: SessionAnswers;
};

/** `error` is the engine's last word when it failed; an error comes with HTTP 200 too. */
export type BuildAnswer = { error: string | null; imageId: string | null };

const Message = z.object({
  id: z.string().optional(),
  aux: z.unknown().optional(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string().optional() }).optional(),
});
const ImageId = z.object({ ID: z.string() });

/** An engine that works sends no progress without content; one whose progress is stuck sends nothing else. */
const STUCK_AFTER = 1_000;
const STUCK_PAUSE_EVERY = 200;
const STUCK_PAUSE_MS = 50;

export type BuildListener = {
  onTrace: (trace: Trace) => void;
  /** Progress will tell nothing more, though the build goes on. */
  onStuck: () => void;
};

/**
 * Runs one BuildKit build through the Engine API (`version=2`) with a session of its own, and reads it to the end of
 * the stream: progress still arrives after the image's id. Rejects when the engine breaks off or `signal` aborts;
 * either way the session is closed, which stops what runs.
 *
 * Docker 20.10 sends empty progress for ever once a step printed more than 1 MiB between two messages (it does not
 * reset the split of its own message). Its answer then still names the image in the end, but no error.
 */
export async function buildImage(
  docker: Docker,
  request: BuildRequest,
  listener: BuildListener,
  signal: AbortSignal,
): Promise<BuildAnswer> {
  const session = await openSession(docker, request.answers, signal);
  try {
    const stream = await dialStream(docker, {
      path: '/build?',
      method: 'POST',
      // Without a body of its own, dockerode would send the options as one.
      file: Buffer.alloc(0),
      abortSignal: signal,
      options: {
        version: '2',
        // The engine reads the files through the session, and only those it has not got.
        remote: 'client-session',
        session: session.id,
        buildid: session.id,
        t: request.name,
        platform: request.platform,
        // What lies in the engine under a base's name may be old, or another's who had a login: the registry is asked.
        pull: '1',
        ...(request.noCache ? { nocache: true } : {}),
      },
      statusCodes: { 200: true },
    });
    return await readAnswer(stream, listener, signal);
  } catch (error) {
    // A refusal before the build began is a failure of the build, not of the engine.
    if (error instanceof EngineAnswerError && error.status < 500) {
      return { error: error.message, imageId: null };
    }
    throw error;
  } finally {
    session.close();
  }
}

async function readAnswer(
  stream: AsyncIterable<Uint8Array>,
  { onTrace, onStuck }: BuildListener,
  signal: AbortSignal,
): Promise<BuildAnswer> {
  const answer: BuildAnswer = { error: null, imageId: null };
  let empty = 0;
  for await (const line of jsonLines(stream)) {
    const message = Message.parse(line);
    if (message.id === 'moby.buildkit.trace') {
      const trace = z.string().parse(message.aux);
      empty = trace === '' ? empty + 1 : 0;
      if (trace !== '') onTrace(decodeTrace(Buffer.from(trace, 'base64')));
      if (empty === STUCK_AFTER) onStuck();
      // Reading slowly holds the engine back, which would otherwise spin.
      if (empty >= STUCK_AFTER && empty % STUCK_PAUSE_EVERY === 0) {
        await pause(STUCK_PAUSE_MS, signal);
      }
    } else if (message.id === 'moby.image.id') {
      answer.imageId = ImageId.parse(message.aux).ID;
    } else if (message.error !== undefined) {
      answer.error = message.errorDetail?.message ?? message.error;
    }
    const isAllThereIs = answer.imageId !== null || answer.error !== null;
    if (isAllThereIs && empty >= STUCK_AFTER) break;
  }
  return answer;
}
