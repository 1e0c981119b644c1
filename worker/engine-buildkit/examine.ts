import { z } from 'zod';
import type { Finding } from '@/lib/build/doctor';
import type { ExamineRequest } from '@/lib/build/engine';
import { filesOnly } from '@/worker/buildkit/answers';
import {
  trialAnswers,
  tryLogLimit,
  tryPlatforms,
  type TryProgram,
  watchTrial,
} from '@/worker/buildkit/trials';
import { findingsOf } from '@/worker/doctor/finding';
import { askThroughEngine } from '@/worker/doctor/registry-answer';
import type { Control } from '@/worker/engine-buildkit/control';
import { describeDaemon } from '@/worker/engine-buildkit/probe';
import { solve } from '@/worker/engine-buildkit/solve';

/** Looks at everything that makes builds fail without being their fault. Never rejects for what it finds. */
export async function examineDaemon(
  control: Control,
  request: ExamineRequest,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { version, platforms } = await describeDaemon(control, signal);
  const native = platforms[0] === 'linux/arm64' ? 'arm64' : 'amd64';
  const run: TryProgram = (...program) => tryProgram(control, ...program);
  // One after the other: a trial must not slow the next.
  return [
    findingsOf('engine')('good', 'ready', { version: `BuildKit ${version}` }),
    await tryLogLimit(run, native, signal),
    await lookAtCache(control, signal),
    ...(await tryPlatforms(run, native, request, signal)),
    ...(await askThroughEngine(
      request.registries,
      (image, limit) => lookFor(control, image, `linux/${native}`, limit),
      signal,
    )),
  ];
}

const tryProgram = async (
  control: Control,
  ...[program, platform, signal]: Parameters<TryProgram>
) => {
  const { trial, see } = watchTrial();
  const answers = trialAnswers(program);
  const answer = await solve(
    control,
    { platform, noCache: true, image: {}, answers },
    see,
    signal,
  );
  return { ...trial, error: 'error' in answer ? answer.error : null };
};

const Usage = z.object({ record: z.array(z.object({ Size: z.number() })) });

/** A daemon says what its cache holds, not what its disk has left. */
async function lookAtCache(
  control: Control,
  signal: AbortSignal,
): Promise<Finding> {
  const { record } = Usage.parse(
    await control.ask('DiskUsage', {}, { signal }),
  );
  const cacheBytes = record.reduce((sum, { Size }) => sum + Size, 0);
  return findingsOf('disk')('info', 'elsewhere', { cacheBytes });
}

/** The daemon's words about an image; `null` when it is there. */
async function lookFor(
  control: Control,
  image: string,
  platform: string,
  signal: AbortSignal,
): Promise<string | null> {
  const answers = filesOnly(`FROM ${image}\n`, new Map());
  const answer = await solve(
    control,
    { platform, noCache: false, image: {}, answers },
    () => {},
    signal,
  );
  return 'error' in answer ? answer.error : null;
}
