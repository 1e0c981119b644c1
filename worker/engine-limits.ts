import type { BuildEngine, BuildInput } from '@/lib/build/engine';
import { canDo } from '@/lib/build/engine-abilities';
import { fitToEngine } from '@/lib/build/engine-fit';
import { engineTitle } from '@/lib/build/engine-words';
import type { EngineReport } from '@/lib/build/protocol';
import { AppError } from '@/lib/errors';
import type { Reporter } from '@/worker/reporter';

type Ready = Extract<EngineReport, { state: 'ready' }>;

/** What the engine is now. Throws ENGINE_UNREACHABLE. */
export async function readyEngine(engine: BuildEngine): Promise<Ready> {
  const report = await engine.probe();
  if (report.state === 'ready') return report;
  throw new AppError('ENGINE_UNREACHABLE', report.reason);
}

/** What is to be built, as this engine can. Throws BUILD_ENGINE_UNFIT. */
export function fitted(input: BuildInput, engine: Ready): BuildInput {
  return { ...input, dockerfile: fitToEngine(input.dockerfile, engine) };
}

/** Runs a build; when it is stopped and the engine cannot stop the running command, the log says so. */
export async function tellingWhatRunsOn<Outcome>(
  engine: Ready,
  reporter: Reporter,
  signal: AbortSignal,
  build: () => Promise<Outcome>,
): Promise<Outcome> {
  const tell = () => {
    const step = reporter.runningStep();
    if (step === null || canDo(engine, 'stopsCommand')) return;
    const words = `${engineTitle(engine)} cannot stop this command: it runs on to its own end on the worker's machine. Nothing follows it.`;
    reporter.engine({
      kind: 'output',
      step,
      stream: 'stderr',
      bytes: Buffer.from(`\n${words}\n`),
      at: Date.now(),
    });
  };
  signal.addEventListener('abort', tell);
  try {
    return await build();
  } finally {
    signal.removeEventListener('abort', tell);
  }
}
