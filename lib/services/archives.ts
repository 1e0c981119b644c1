import 'server-only';
import { createHash } from 'node:crypto';
import { and, eq, notExists, sql } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { files, specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import type {
  ArchiveFile,
  ArchiveId,
  ArchiveView,
} from '@/lib/imagespec/archive';
import type { ProjectTree } from '@/lib/imagespec/tree';
import {
  listFiles,
  packProject,
  unpackProject,
} from '@/lib/build/project-archive';
import { readProject } from '@/lib/services/archive-project';
import { refusal } from '@/lib/services/archive-refusal';
import { audit } from '@/lib/services/audit';

const MAX_PACKED_BYTES = 80 * 1024 * 1024;
const KEPT_LISTINGS = 100;

let turn: Promise<unknown> = Promise.resolve();

/** One archive after the other is unpacked: each may take some 600 MiB of memory on the way. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work);
  turn = mine.catch(() => undefined);
  return mine;
}

/**
 * Keeps an uploaded project for the team's specs, packed anew; the same files are stored once. One that no revision names
 * is forgotten after a week. Throws INVALID_INPUT for an archive that is not taken.
 */
export async function storeArchive(
  actor: Actor,
  { fileName, bytes }: { fileName: string; bytes: Uint8Array },
): Promise<ArchiveView> {
  const { tree, notes, packed } = await inTurn(async () => {
    const project = await readProject(bytes);
    return { ...project, packed: await packProject(project.tree) };
  });
  if (packed.byteLength > MAX_PACKED_BYTES) {
    throw refusal(
      'Packed with gzip, the project is larger than 80 MiB. Leave out what no image needs, such as data.',
    );
  }
  const sha256 = createHash('sha256').update(packed).digest('hex');
  const listing = listFiles(tree);
  await db().transaction(async (tx) => {
    await forgetArchives(tx, actor.teamId);
    await insertBytes(tx, actor.teamId, sha256, packed);
    await audit(tx, actor, {
      action: 'archive.store',
      subject: fileName,
      detail: { sha256, files: listing.length, sizeBytes: packed.byteLength },
    });
  });
  keepListing(actor.teamId, sha256, listing);
  return { sha256, files: listing, notes };
}

async function insertBytes(
  tx: Transaction,
  teamId: string,
  sha256: string,
  bytes: Buffer,
): Promise<void> {
  try {
    await tx
      .insert(files)
      .values({ teamId, sha256, bytes })
      .onConflictDoUpdate({
        target: [files.teamId, files.sha256],
        set: { createdAt: sql`now()` },
      });
  } catch (error) {
    // The failure of a query quotes its parameters, which would be the whole archive in the log.
    throw new Error('The archive was not stored.', {
      cause: error instanceof Error ? error.cause : undefined,
    });
  }
}

/** Deletes the team's archives of more than a week ago that no revision names. Other files are texts, and no gzip. */
async function forgetArchives(tx: Transaction, teamId: string): Promise<void> {
  const naming = tx
    .select({ one: sql`1` })
    .from(specRevisions)
    .where(
      and(
        eq(specRevisions.teamId, teamId),
        eq(specRevisions.archive, files.sha256),
      ),
    );
  await tx
    .delete(files)
    .where(
      and(
        eq(files.teamId, teamId),
        sql`${files.createdAt} < now() - interval '7 days'`,
        sql`substring(${files.bytes} from 1 for 2) = '\\x1f8b'::bytea`,
        notExists(naming),
      ),
    );
}

/** The packed project, a gzipped tar with that SHA-256. Throws INVALID_INPUT when the team has none such. */
export async function readArchiveBytes(
  teamId: string,
  sha256: string,
): Promise<Buffer> {
  const [row] = await db()
    .select({ bytes: files.bytes })
    .from(files)
    .where(and(eq(files.teamId, teamId), eq(files.sha256, sha256)));
  if (row) return row.bytes;
  throw refusal(
    'The project that was uploaded is not stored any more. Upload it again.',
  );
}

/** The files of a stored project. Throws INVALID_INPUT when the team has none such. */
export async function readArchive(
  teamId: string,
  sha256: string,
): Promise<ProjectTree> {
  return unpackProject(await readArchiveBytes(teamId, sha256));
}

// What is behind a SHA-256 never changes, and unpacking to count takes a second for a large project.
const listings = new Map<string, ArchiveFile[]>();

function keepListing(
  teamId: string,
  sha256: string,
  listing: ArchiveFile[],
): void {
  listings.set(`${teamId}/${sha256}`, listing);
  const [oldest] = listings.keys();
  if (listings.size > KEPT_LISTINGS && oldest !== undefined)
    listings.delete(oldest);
}

/** Paths and sizes of a stored project's files. Throws INVALID_INPUT when the team has none such. */
export async function listArchive(
  teamId: string,
  sha256: string,
): Promise<ArchiveFile[]> {
  const known = listings.get(`${teamId}/${sha256}`);
  if (known) return known;
  const listing = listFiles(await readArchive(teamId, sha256));
  keepListing(teamId, sha256, listing);
  return listing;
}

/** A stored project as people see it. Throws NOT_FOUND. */
export async function getArchive(
  actor: Actor,
  { sha256 }: ArchiveId,
): Promise<ArchiveView> {
  try {
    return {
      sha256,
      files: await listArchive(actor.teamId, sha256),
      notes: [],
    };
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new AppError('NOT_FOUND', cause.message);
  }
}
