import type { Finding } from '@/lib/build/doctor';
import type { EngineReport } from '@/lib/build/protocol';
import { listPlatforms } from '@/lib/registry/platform';

/**
 * An engine with the platforms that its worker saw it emulate: it may build for those, too. Each stands in the spelling in
 * which builds ask for it.
 */
export function withPlatforms(
  engine: EngineReport,
  findings: readonly Finding[] | null,
): EngineReport {
  if (engine.state !== 'ready') return engine;
  const emulated = (findings ?? []).flatMap(({ check, code, subject }) =>
    check === 'platform' && code === 'emulated' ? [subject] : [],
  );
  const all = [...engine.platforms, ...emulated].flatMap(inOneSpelling);
  return {
    ...engine,
    platforms: [...new Set(all)],
    ...(emulated.length > 0 ? { emulated } : {}),
  };
}

/** What an engine calls a platform and we do not is nothing that a build asks for. */
function inOneSpelling(platform: string): string[] {
  try {
    return listPlatforms(platform);
  } catch {
    return [];
  }
}
