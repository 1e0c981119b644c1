import type Docker from 'dockerode';
import { z } from 'zod';
import type { EngineReport } from '@/lib/build/protocol';
import { AppError } from '@/lib/errors';
import { dialJson, engineError } from '@/worker/engine-docker/dial';

/** What BUILD_ENGINE may say of an engine that is reached by the Engine API. */
export const WANTED_ENGINES = [
  'auto',
  'docker',
  'docker-classic',
  'podman',
] as const;
export type WantedEngine = (typeof WANTED_ENGINES)[number];

/** The engines that are reached by it. */
export type ApiKind = Exclude<WantedEngine, 'auto'>;

/** The first Engine API with BuildKit sessions as they are needed here: Docker 19.03. */
const OLDEST_SESSION = { major: 1, minor: 40 };
const PROBE_MS = 5_000;

const Version = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  Os: z.string(),
  Arch: z.string(),
  Components: z.array(z.object({ Name: z.string() })).default([]),
});
type Version = z.infer<typeof Version>;

/** What engine answers, or why none that can build does; never throws. `address` is named in the reason. */
export async function probeEngine(
  docker: Docker,
  {
    address,
    addsCaCertificates,
    wanted,
  }: { address: string; addsCaCertificates: boolean; wanted: WantedEngine },
): Promise<EngineReport> {
  try {
    const version = Version.parse(
      await dialJson(docker, {
        path: '/version',
        method: 'GET',
        abortSignal: AbortSignal.timeout(PROBE_MS),
        statusCodes: { 200: true },
      }),
    );
    const choice = chooseEngine(version, wanted);
    if ('reason' in choice)
      return { state: 'unreachable', reason: choice.reason };
    return {
      state: 'ready',
      kind: choice.kind,
      version: version.Version.slice(0, 100),
      apiVersion: version.ApiVersion.slice(0, 20),
      platforms: [`${version.Os}/${version.Arch}`],
      addsCaCertificates,
    };
  } catch (error) {
    const known = engineError(error);
    const words =
      known instanceof AppError && known.code === 'ENGINE_UNREACHABLE'
        ? known.message
        : 'It does not answer as a container engine does.';
    return { state: 'unreachable', reason: `${address}: ${words}` };
  }
}

/** Which builder of the engine that answers is used, or why none is. */
export function chooseEngine(
  version: Version,
  wanted: WantedEngine,
): { kind: ApiKind } | { reason: string } {
  if (version.Os !== 'linux')
    return {
      reason: `The engine runs ${version.Os} containers; images here are for Linux.`,
    };
  const isPodman = version.Components.some(({ Name }) => /podman/i.test(Name));
  if (isPodman && wanted !== 'auto' && wanted !== 'podman')
    return {
      reason: `Podman answers there, and BUILD_ENGINE asks for ${wanted}.`,
    };
  if (isPodman) return { kind: 'podman' };
  if (wanted === 'podman')
    return {
      reason: `Docker ${version.Version} answers there, and BUILD_ENGINE asks for podman.`,
    };
  if (wanted === 'docker-classic') return { kind: 'docker-classic' };
  if (hasSessions(version)) return { kind: 'docker' };
  if (wanted === 'auto') return { kind: 'docker-classic' };
  return {
    reason: `Docker ${version.Version} is too old; 19.03 is the oldest that builds with BuildKit sessions. Its classic builder is BUILD_ENGINE=docker-classic.`,
  };
}

function hasSessions({ ApiVersion }: Version): boolean {
  const [major = 0, minor = 0] = ApiVersion.split('.').map(Number);
  return (
    major > OLDEST_SESSION.major ||
    (major === OLDEST_SESSION.major && minor >= OLDEST_SESSION.minor)
  );
}
