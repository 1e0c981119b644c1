import type Docker from 'dockerode';
import { z } from 'zod';
import type { EngineReport } from '@/lib/build/protocol';
import { AppError } from '@/lib/errors';
import { dialJson, engineError } from '@/worker/engine-docker/dial';

/** The first Engine API with everything a build here needs: Docker 19.03. */
const OLDEST_API = { major: 1, minor: 40 };
const PROBE_MS = 5_000;

const Version = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  Os: z.string(),
  Arch: z.string(),
  Components: z.array(z.object({ Name: z.string() })).default([]),
});

/** What engine answers, or why none that can build does; never throws. `address` is named in the reason. */
export async function probeEngine(
  docker: Docker,
  address: string,
  addsCaCertificates: boolean,
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
    const reason = unfit(version);
    if (reason) return { state: 'unreachable', reason };
    return {
      state: 'ready',
      kind: 'docker',
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

function unfit(version: z.infer<typeof Version>): string | null {
  if (version.Components.some(({ Name }) => /podman/i.test(Name))) {
    return 'Podman answers there. Building needs a Docker engine, for its BuildKit.';
  }
  if (version.Os !== 'linux') {
    return `The engine runs ${version.Os} containers; images here are for Linux.`;
  }
  const [major = 0, minor = 0] = version.ApiVersion.split('.').map(Number);
  const isTooOld =
    major < OLDEST_API.major ||
    (major === OLDEST_API.major && minor < OLDEST_API.minor);
  if (isTooOld) {
    return `Docker ${version.Version} is too old; 19.03 is the oldest that builds with BuildKit sessions.`;
  }
  return null;
}
