import { z } from 'zod';
import type { EngineReport } from '@/lib/build/protocol';
import type { Control } from '@/worker/engine-buildkit/control';
import { controlError } from '@/worker/engine-buildkit/control-error';

const PROBE_MS = 5_000;

const Info = z.object({
  buildkitVersion: z.object({ version: z.string() }).nullable(),
});
const Workers = z.object({
  record: z.array(
    z.object({
      platforms: z.array(
        z.object({
          OS: z.string(),
          Architecture: z.string(),
          Variant: z.string(),
        }),
      ),
    }),
  ),
});

export type Daemon = { version: string; platforms: string[] };

/** The version of a daemon, and what it builds for, its own platform first. Rejects with grpc's error. */
export async function describeDaemon(
  control: Control,
  signal: AbortSignal,
): Promise<Daemon> {
  const limit = { signal, timeoutMs: PROBE_MS };
  const { buildkitVersion } = Info.parse(await control.ask('Info', {}, limit));
  const { record } = Workers.parse(await control.ask('ListWorkers', {}, limit));
  const platforms = record
    .flatMap((worker) => worker.platforms)
    // `amd64/v3` says how fast a machine is, not what an image is for.
    .filter(
      ({ Architecture, Variant }) => Variant === '' || Architecture === 'arm',
    )
    .map(({ OS, Architecture, Variant }) =>
      [OS, Architecture, Variant].filter(Boolean).join('/'),
    );
  return {
    version: (buildkitVersion?.version ?? '').replace(/^v/, '').slice(0, 100),
    platforms: [...new Set(platforms)].slice(0, 20),
  };
}

/** What daemon answers, or why none that can build does; never throws. `address` is named in the reason. */
export async function probeDaemon(
  control: Control,
  address: string,
  addsCaCertificates: boolean,
): Promise<EngineReport> {
  try {
    const { version, platforms } = await describeDaemon(
      control,
      new AbortController().signal,
    );
    if (platforms.length === 0)
      return {
        state: 'unreachable',
        reason: `${address}: The BuildKit daemon has no worker.`,
      };
    return {
      state: 'ready',
      kind: 'buildkit',
      version,
      apiVersion: 'v1',
      platforms,
      addsCaCertificates,
    };
  } catch (error) {
    const known = controlError(error);
    const words =
      known.code === 'ENGINE_UNREACHABLE'
        ? known.message
        : 'It does not answer as a BuildKit daemon does.';
    return { state: 'unreachable', reason: `${address}: ${words}` };
  }
}
