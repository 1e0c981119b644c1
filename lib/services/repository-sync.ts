import 'server-only';
import { and, eq, gte, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import { db } from '@/db';
import { manifests, tags } from '@/db/schema';
import type { RegistryClient } from '@/lib/registry/client';
import { RegistryError } from '@/lib/registry/errors';
import type { SyncPhase } from '@/lib/registry/inventory';
import { referrerTag } from '@/lib/registry/manifest-facts';
import { markGone } from '@/lib/services/manifests';
import { atHost, inLanes } from '@/lib/services/politeness';
import { syncReferrers, syncReferrerTag } from '@/lib/services/referrer-sync';
import { withRegistry } from '@/lib/services/registry-clients';
import type { RepositoryRow } from '@/lib/services/repositories';
import { inventoryDigest, type Look } from '@/lib/services/sync-digest';
import { observeTag } from '@/lib/services/tags';

const MAX_TAG_PAGES = 200;
/** How many digests without a tag are looked after in one sync, the longest unseen first. */
const MAX_UNTAGGED = 200;
/** Reading a manifest counts as a pull there, looking at a tag does not. */
const HUB_READS = 20;

export type SyncProgress = {
  phase: SyncPhase;
  done: number;
  total: number;
  added: number;
};

export type SyncRun = {
  signal: AbortSignal;
  /** Tags looked at since then are not asked for again. */
  startedAt: Date;
  tell: (progress: SyncProgress) => Promise<void>;
};

export type SyncOutcome = {
  added: number;
  /** What was left out, in our words. */
  note: string | null;
};

/**
 * Reads a repository: its tags, where they point, every digest that is new with its parts and what refers to it, and
 * what has gone. One request for a tag, none for a digest that is known. Begun again, it goes on where it was. Throws
 * RegistryError; an abort throws the signal's reason.
 */
export async function syncRepository(
  repository: RepositoryRow,
  run: SyncRun,
): Promise<SyncOutcome> {
  const { teamId, host, path } = repository;
  return withRegistry({ teamId, host, path }, 'stored', (client) =>
    new Sync(client, repository, run).read(),
  );
}

class Sync {
  private added = 0;
  private reads = 0;
  private unread = 0;
  private readonly look: Look;

  constructor(
    private readonly client: RegistryClient,
    private readonly repository: RepositoryRow,
    private readonly run: SyncRun,
  ) {
    const isHub = repository.host === 'docker.io';
    this.look = {
      client,
      repository,
      signal: run.signal,
      mayRead: () => {
        if (isHub && this.reads >= HUB_READS) {
          this.unread += 1;
          return false;
        }
        this.reads += 1;
        return true;
      },
    };
  }
}
