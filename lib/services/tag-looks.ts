import 'server-only';
import { AppError } from '@/lib/errors';
import { log } from '@/lib/log';
import type { RegistryClient } from '@/lib/registry/client';
import { RegistryError } from '@/lib/registry/errors';
import { postpone, type WatchRow } from '@/lib/services/access-watches';
import { withRegistry } from '@/lib/services/registry-clients';
import type { RepositoryRow } from '@/lib/services/repositories';
import { lookAtTag } from '@/lib/services/tag-refresh';

const MINUTE = 60_000;
/** A tag that something runs on is looked at at least this often, one that only builds began from within 72 minutes. */
const IN_USE_MS = 5 * MINUTE;
const BASE_MS = 60 * MINUTE;

/**
 * Looks where watched tags of one repository point, one request for each, and sets when they are looked at next. What
 * is in the way of it is a line in the log, and over when it is over: a limit at the time the registry named.
 */
export async function lookAtTags(
  repository: RepositoryRow,
  rows: readonly WatchRow[],
  random: () => number,
): Promise<void> {
  let retryAtMs = 0;
  try {
    await withRegistry(
      repository,
      'stored_pull',
      (client) => lookAtEach(client, repository, rows),
      { isUrgent: false },
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    noteFailure(repository, error);
    if (error instanceof RegistryError)
      retryAtMs = Date.parse(error.facts.retryAt ?? '') || 0;
  }
  const limitMs = retryAtMs - Date.now();
  for (const row of rows) {
    const waitMs =
      row.reason === 'base'
        ? BASE_MS * (0.8 + 0.4 * random())
        : IN_USE_MS * (0.8 + 0.2 * random());
    await postpone(row, Math.max(waitMs, limitMs + MINUTE * random()));
  }
}

async function lookAtEach(
  client: RegistryClient,
  repository: RepositoryRow,
  rows: readonly WatchRow[],
): Promise<void> {
  let failure: RegistryError | undefined;
  for (const { reference, reason } of rows) {
    try {
      // Reading a base would spend a pull of Docker Hub on what this team does not keep.
      await lookAtTag({ client, repository }, reference.slice(1), {
        isPointerOnly: reason === 'base',
      });
    } catch (error) {
      if (!(error instanceof RegistryError) || isOfHost(error)) throw error;
      failure ??= error;
    }
  }
  if (failure) noteFailure(repository, failure);
}

/** It would be the same for every other tag. */
function isOfHost({ code }: RegistryError): boolean {
  return code === 'REGISTRY_UNREACHABLE' || code === 'REGISTRY_RATE_LIMITED';
}

function noteFailure({ id, host }: RepositoryRow, { code }: AppError): void {
  log.info({ code, host, repository: id }, 'tags could not be looked at');
}
