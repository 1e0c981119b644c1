import type { Finding } from '@/lib/build/doctor';
import type { ExamineRequest } from '@/lib/build/engine';
import { findingsOf } from '@/worker/doctor/finding';
import { tinyProgram } from '@/worker/doctor/tiny-program';
import { StepTracker } from '@/worker/buildkit/steps';
import type { Trace } from '@/worker/buildkit/trace';
import { type SessionAnswers } from '@/worker/buildkit/session';
import { filesOnly } from '@/worker/buildkit/answers';

/** Above both of BuildKit's own limits (200 KiB a second, 2 MiB a step), with pauses that no engine chokes on. */
const BURST = { chunkBytes: 64 * 1024, times: 44, pauseMs: 20 };
const TRIAL_MS = 60_000;

export type Trial = {
  error: string | null;
  clipped: string | null;
  isStuck: boolean;
};

/** Runs one program in an image of nothing else, without the cache, and leaves nothing of it. */
export type TryProgram = (
  program: Buffer,
  platform: string,
  signal: AbortSignal,
) => Promise<Trial>;

/** What a session answers while such a program is built. */
export function trialAnswers(program: Buffer): SessionAnswers {
  return filesOnly(
    'FROM scratch\nCOPY program /program\nRUN ["/program"]\n',
    new Map([['program', { bytes: program, isExecutable: true }]]),
  );
}

/** Follows a trial; `see` takes its progress. */
export function watchTrial(): { trial: Trial; see: (trace: Trace) => void } {
  const tracker = new StepTracker();
  const trial: Trial = { error: null, clipped: null, isStuck: false };
  const see = (trace: Trace) => {
    for (const event of tracker.apply(trace))
      if (event.kind === 'clipped') trial.clipped ??= event.reason;
  };
  return { trial, see };
}

function limited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(TRIAL_MS)]);
}

/** Whether the engine gives all that a step prints, tried with more than it would by its own limits. */
export async function tryLogLimit(
  tryProgram: TryProgram,
  native: 'amd64' | 'arm64',
  signal: AbortSignal,
): Promise<Finding> {
  const finding = findingsOf('log_limit');
  const line = `${'.'.repeat(63)}\n`;
  const program = tinyProgram(native, {
    text: Buffer.from(line.repeat(BURST.chunkBytes / line.length)),
    times: BURST.times,
    pauseMs: BURST.pauseMs,
  });
  try {
    const trial = await tryProgram(program, `linux/${native}`, limited(signal));
    if (trial.clipped !== null)
      return finding('warn', 'clipped', { limit: trial.clipped });
    if (trial.isStuck) return finding('warn', 'stuck');
    if (trial.error !== null)
      return finding('warn', 'untried', { reason: 'A trial build failed.' });
    return finding('good', 'raised');
  } catch (error) {
    if (signal.aborted) throw error;
    return finding('warn', 'untried', {
      reason: 'A trial build did not come to its end.',
    });
  }
}

/** The engine's own platform, and whether it emulates the other that images are made for. */
export async function tryPlatforms(
  tryProgram: TryProgram,
  native: 'amd64' | 'arm64',
  { platforms }: ExamineRequest,
  signal: AbortSignal,
): Promise<Finding[]> {
  const other = native === 'amd64' ? 'arm64' : 'amd64';
  const foreign = `linux/${other}`;
  const program = tinyProgram(other, {
    text: Buffer.from('.\n'),
    times: 1,
    pauseMs: 0,
  });
  const runs = await tryProgram(program, foreign, limited(signal))
    .then(({ error }) => error === null)
    .catch(() => false);
  signal.throwIfAborted();
  const found = findingsOf('platform', foreign);
  return [
    findingsOf('platform', `linux/${native}`)('good', 'native'),
    runs
      ? found('good', 'emulated')
      : found(platforms.includes(foreign) ? 'warn' : 'info', 'missing'),
  ];
}
