import type {
  BuildEngine,
  BuildInput,
  BuildOutcome,
  EngineEvent,
  PushOutcome,
} from '@/lib/build/engine';
import { answersFor } from '@/worker/buildkit/answers';
import { BuildWatch } from '@/worker/buildkit/build-watch';
import type { BuildKitConnection } from '@/worker/buildkit-connection';
import { Control } from '@/worker/engine-buildkit/control';
import { controlError } from '@/worker/engine-buildkit/control-error';
import { examineDaemon } from '@/worker/engine-buildkit/examine';
import { openBuilt } from '@/worker/engine-buildkit/open-image';
import { probeDaemon } from '@/worker/engine-buildkit/probe';
import { pushTicks } from '@/worker/engine-buildkit/push';
import { solve } from '@/worker/engine-buildkit/solve';
import { IdleWatch } from '@/worker/idle-watch';
import { FELL_SILENT, PUSH_IDLE_MS, pushAsStep } from '@/worker/push-step';

export type BuildKitEngineOptions = {
  connection: BuildKitConnection;
  addsCaCertificates: boolean;
  pushIdleMs?: number;
};

/** Left out of a daemon's own image store, so that an attempt leaves cached layers only. */
const NOT_KEPT = { store: 'false' };

/** BuildKit's own finding: the base is not for the platform that was asked for. */
const WRONG_BASE =
  /^InvalidBaseImagePlatform: Base image (\S+) was pulled with platform "([^"]+)"/;

/** Builds with a BuildKit daemon, through its control API. */
export function buildKitEngine(options: BuildKitEngineOptions): BuildEngine {
  const { connection, addsCaCertificates } = options;
  const within = async <T>(work: (control: Control) => Promise<T>) => {
    const control = new Control(connection);
    try {
      return await work(control);
    } catch (error) {
      throw controlError(error);
    } finally {
      control.close();
    }
  };
  return {
    probe: () =>
      within((control) =>
        probeDaemon(control, connection.address, addsCaCertificates),
      ),
    build: (input, emit, signal) =>
      within((control) => build(control, input, emit, signal)),
    push: (input, emit, signal) =>
      within((control) =>
        push(control, input, emit, signal, options.pushIdleMs ?? PUSH_IDLE_MS),
      ),
    // The connection is open as long as the look.
    open: async (input, signal) => {
      const control = new Control(connection);
      try {
        const image = await openBuilt(control, input, signal);
        const close = () => image.close().finally(() => control.close());
        return { ...image, close };
      } catch (error) {
        control.close();
        throw controlError(error);
      }
    },
    // Nothing has a name here: an image is layers in the cache, which the daemon itself keeps within bounds.
    discard: () => Promise.resolve(),
    examine: (request, signal) =>
      within((control) => examineDaemon(control, request, signal)),
  };
}

async function build(
  control: Control,
  input: BuildInput,
  emit: (event: EngineEvent) => void,
  signal: AbortSignal,
): Promise<BuildOutcome> {
  const { job } = input;
  const watch = new BuildWatch(emit);
  let wrongBase: RegExpExecArray | null = null;
  const answer = await solve(
    control,
    {
      platform: job.platform,
      noCache: job.noCache,
      image: NOT_KEPT,
      answers: answersFor(input),
    },
    (trace) => {
      watch.see(trace);
      for (const { short } of trace.warnings)
        wrongBase ??= WRONG_BASE.exec(short);
    },
    signal,
  );
  if ('error' in answer)
    return { ok: false, failure: watch.failure(answer.error, job) };
  const [, base, platform] = (wrongBase as RegExpExecArray | null) ?? [];
  if (base === undefined)
    return { ok: true, imageId: answer.imageId, platform: job.platform };
  return {
    ok: false,
    failure: {
      code: 'BUILD_PLATFORM_MISMATCH',
      message: `The base image ${base} is for ${platform}, not for ${job.platform}.`,
      step: null,
      exitCode: null,
    },
  };
}

/**
 * The same build again, which finds every step in the cache, with its image sent to the registry. Should the cache have
 * lost a step meanwhile, it is made again; that other image is found out when it is read back.
 */
function push(
  control: Control,
  input: BuildInput,
  emit: (event: EngineEvent) => void,
  signal: AbortSignal,
  idleMs: number,
): Promise<PushOutcome> {
  const { job } = input;
  const { host, repository, tag, plainHttp } = job.target;
  return pushAsStep(job, emit, signal, async (progress) => {
    const idle = new IdleWatch(idleMs, signal);
    try {
      return await solve(
        control,
        {
          platform: job.platform,
          noCache: false,
          image: {
            ...NOT_KEPT,
            name: `${host}/${repository}:${tag}`,
            push: 'true',
            ...(plainHttp ? { 'registry.insecure': 'true' } : {}),
          },
          answers: answersFor(input),
        },
        (trace) => {
          idle.touch();
          for (const tick of pushTicks(trace)) progress.tell(tick, Date.now());
        },
        idle.signal,
      );
    } catch (error) {
      if (idle.isExpired) return { error: FELL_SILENT };
      throw error;
    } finally {
      idle.close();
    }
  });
}
