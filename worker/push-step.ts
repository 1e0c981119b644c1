import type { EngineEvent, EngineStep, PushOutcome } from '@/lib/build/engine';
import { classifyPushFailure } from '@/lib/build/failure';
import type { Job } from '@/lib/build/protocol';
import { AppError } from '@/lib/errors';
import { PushProgress } from '@/worker/push-progress';

/** A registry that says nothing for this long is given up. */
export const PUSH_IDLE_MS = 5 * 60_000;

/** What an engine says of a registry that fell silent, in words that are known for a registry out of reach. */
export const FELL_SILENT = 'i/o timeout: the registry fell silent';

export type PushAnswer = { digest: string } | { error: string };

/**
 * Shows one push as a step of the build: it begins, tells its progress, and ends with the engine's words if it failed.
 * Rejects when `signal` aborted, for then nobody knows how far the push came.
 */
export async function pushAsStep(
  { target }: Pick<Job, 'target'>,
  emit: (event: EngineEvent) => void,
  signal: AbortSignal,
  push: (progress: PushProgress) => Promise<PushAnswer>,
): Promise<PushOutcome> {
  const { host, repository, tag } = target;
  const step: EngineStep = {
    key: 'push',
    parents: [],
    stage: '',
    name: `push to ${host}/${repository}:${tag}`,
    state: 'running',
    cached: false,
    startedAt: Date.now(),
    completedAt: null,
    error: null,
    exitCode: null,
  };
  emit({ kind: 'step', step });
  const answer = await push(new PushProgress(step.key, emit));
  if (signal.aborted && 'error' in answer) {
    throw new AppError('ENGINE_FAILED', 'The push was stopped.');
  }
  const error = 'error' in answer ? answer.error : null;
  emit({
    kind: 'step',
    step: {
      ...step,
      state: error === null ? 'done' : 'failed',
      completedAt: Date.now(),
      error,
    },
  });
  return 'error' in answer
    ? { ok: false, failure: classifyPushFailure(answer.error, host, step.key) }
    : { ok: true, digest: answer.digest, sizeBytes: null };
}
