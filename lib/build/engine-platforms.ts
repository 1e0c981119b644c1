import type { Finding } from '@/lib/build/doctor';
import type { EngineReport } from '@/lib/build/protocol';
import { listPlatforms, parsePlatform } from '@/lib/registry/platform';

/** Architectures that a processor of another one runs, too, where an engine lists them. */
const RUNS_TOO: Record<string, string> = { amd64: '386', arm64: 'arm' };

/**
 * An engine with the platforms that its worker saw it emulate: it may build for those, too. Each stands in the spelling in
 * which builds ask for it. An engine names its own platform first; what is for another kind of processor is emulated.
 */
export function withPlatforms(
  engine: EngineReport,
  findings: readonly Finding[] | null,
): EngineReport {
  if (engine.state !== 'ready') return engine;
  const seen = (findings ?? []).flatMap(({ check, code, subject }) =>
    check === 'platform' && code === 'emulated' ? [subject] : [],
  );
  const platforms = [
    ...new Set([...engine.platforms, ...seen].flatMap(inOneSpelling)),
  ];
  const emulated = platforms.filter((one) => !runsItself(platforms[0], one));
  return {
    ...engine,
    platforms,
    ...(emulated.length > 0 ? { emulated } : {}),
  };
}

function runsItself(own: string | undefined, platform: string): boolean {
  if (own === undefined) return false;
  const machine = parsePlatform(own);
  const image = parsePlatform(platform);
  return (
    machine.os === image.os &&
    (machine.architecture === image.architecture ||
      RUNS_TOO[machine.architecture] === image.architecture)
  );
}

/** What an engine calls a platform and we do not is nothing that a build asks for. */
function inOneSpelling(platform: string): string[] {
  try {
    return listPlatforms(platform);
  } catch {
    return [];
  }
}
