import { randomUUID } from 'node:crypto';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { z } from 'zod';
import { openSession, type SessionAnswers } from '@/worker/buildkit/session';
import { decodeTrace, type Trace } from '@/worker/buildkit/trace';
import type { Control } from '@/worker/engine-buildkit/control';
import { controlError, wordsOf } from '@/worker/engine-buildkit/control-error';
import { pause } from '@/worker/time-limit';

export type SolveRequest = {
  platform: string;
  noCache: boolean;
  /** What becomes of the image: the attributes of BuildKit's image exporter. */
  image: Record<string, string>;
  answers: SessionAnswers;
};

/** `error` is the daemon's last word when the build failed. */
export type SolveAnswer =
  { digest: string; imageId: string } | { error: string };

const Response = z.object({
  ExporterResponse: z.object({
    'containerimage.digest': z.string(),
    'containerimage.config.digest': z.string().optional(),
  }),
});

/** Progress may lag a little behind the answer; what lags longer is lost. */
const LAG_MS = 3_000;
const ANSWER_MS = 5_000;

/**
 * Builds once: a session, the progress and the build itself on one connection. Rejects when the daemon breaks off or
 * `signal` aborts, which stops what runs. The build is an internal one, so that the daemon keeps no record of it.
 */
export async function solve(
  control: Control,
  request: SolveRequest,
  onTrace: (trace: Trace) => void,
  signal: AbortSignal,
): Promise<SolveAnswer> {
  signal.throwIfAborted();
  const ref = randomUUID();
  const session = await openSession(request.answers, (headers) =>
    Promise.resolve(control.session(headers)),
  );
  // Asked for first: the progress of a build that is over already cannot be had.
  const status = control.status(ref);
  const told = readStatus(status, onTrace);
  // It is awaited at the end; a failure before that must not end the process.
  told.catch(() => {});
  try {
    const answer = await answerOf(control, ref, session.id, request, signal);
    await Promise.race([told, pause(LAG_MS, signal)]);
    return answer;
  } finally {
    status.cancel();
    session.close();
  }
}

/** What the Dockerfile's own frontend is told of a build. */
export function dockerfileAttributes({
  platform,
  noCache,
}: Pick<SolveRequest, 'platform' | 'noCache'>): Record<string, string> {
  return {
    filename: 'Dockerfile',
    platform,
    // Its presence counts; empty means every step.
    ...(noCache ? { 'no-cache': '' } : {}),
  };
}

async function answerOf(
  control: Control,
  ref: string,
  session: string,
  { platform, noCache, image }: SolveRequest,
  signal: AbortSignal,
): Promise<SolveAnswer> {
  try {
    const answer = await control.ask(
      'Solve',
      {
        Ref: ref,
        Session: session,
        Frontend: 'dockerfile.v0',
        FrontendAttrs: dockerfileAttributes({ platform, noCache }),
        Exporter: 'image',
        ExporterAttrs: image,
        Internal: true,
      },
      { signal },
    );
    const { ExporterResponse: built } = Response.parse(answer);
    const digest = built['containerimage.digest'];
    return { digest, imageId: built['containerimage.config.digest'] ?? digest };
  } catch (error) {
    const broken = signal.aborted ? error : await faultOf(control);
    if (broken !== null) throw controlError(broken);
    return { error: wordsOf(error) };
  }
}

/**
 * What is wrong with the daemon, `null` for nothing. A failed build and a broken daemon look alike in a failed call; one
 * that still answers is whole.
 */
function faultOf(control: Control): Promise<unknown> {
  const limit = {
    signal: new AbortController().signal,
    timeoutMs: ANSWER_MS,
  };
  return control.ask('ListWorkers', {}, limit).then(
    () => null,
    (error: unknown) => error,
  );
}

async function readStatus(
  status: ClientReadableStream<Buffer>,
  onTrace: (trace: Trace) => void,
): Promise<void> {
  for await (const bytes of status) onTrace(decodeTrace(bytes as Buffer));
}
