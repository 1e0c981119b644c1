import type { Finding } from '@/lib/build/doctor';
import { engineTitle } from '@/lib/build/engine-words';
import type { EngineReport } from '@/lib/build/protocol';
import { AppError } from '@/lib/errors';
import { findingsOf } from '@/worker/doctor/finding';

/**
 * What can be said of a builder that answers in text: it clips no log and emulates no other platform by itself, so nothing
 * has to be tried.
 */
export async function examineTextBuilder(
  probe: () => Promise<EngineReport>,
): Promise<Finding[]> {
  const report = await probe();
  if (report.state === 'unreachable')
    throw new AppError('ENGINE_UNREACHABLE', report.reason);
  return [
    findingsOf('engine')('good', 'ready', { version: engineTitle(report) }),
    ...report.platforms.map((platform) =>
      findingsOf('platform', platform)('good', 'native'),
    ),
  ];
}
