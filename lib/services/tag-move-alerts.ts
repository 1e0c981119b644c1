import 'server-only';
import { sql } from 'drizzle-orm';
import type { Transaction } from '@/db';
import { notifications } from '@/db/schema';
import { findStanding, raiseAlert, resolveAlert } from '@/lib/services/alerts';
import type { RepositoryRow } from '@/lib/services/repositories';
import { digestAtImport, isCurrentVersion } from '@/lib/services/task-images';

export type TagMove = {
  tag: string;
  from: string | null;
  to: string | null;
  /** A build of this installation was meant to move it. */
  isOurs: boolean;
  /** Something that runs stands on the tag. */
  isInUse: boolean;
};

/**
 * Says that a tag in use moved. While that stands it keeps the digest the tag had at first, however often it moves on,
 * and is over when the tag points there again.
 */
export async function tellMove(
  tx: Transaction,
  repository: RepositoryRow,
  { tag, from, to, isOurs, isInUse }: TagMove,
): Promise<void> {
  const { id: repositoryId, teamId, host, path } = repository;
  const subject = `${repositoryId}:${tag}`;
  const standing = await findStanding(tx, teamId, 'tag_moved', subject);
  const first = standing?.from ?? from;
  if (first === null) return;
  if (first === to) await resolveAlert(tx, teamId, 'tag_moved', subject);
  else if (isInUse && !isOurs)
    await raiseAlert(tx, teamId, {
      kind: 'tag_moved',
      version: 1,
      repositoryId,
      repository: `${host}/${path}`,
      tag,
      from: first,
      to,
    });
}

/**
 * Ends the alerts on moved tags that are about nothing any more: nothing stands on the tag, or every task that floats
 * on it was imported since it points where it does.
 */
export async function endSettledMoves(
  tx: Transaction,
  teamId: string,
): Promise<void> {
  await tx.execute(sql`
    with standing as (
      select id, (detail->>'repositoryId')::uuid as repository_id, detail->>'tag' as tag
      from ${notifications}
      where team_id = ${teamId} and kind = 'tag_moved' and resolved_at is null
    ),
    floating as (
      select standing.id, ${digestAtImport} as imported, tags.current_digest as current
      from standing
      join task_images on task_images.repository_id = standing.repository_id and task_images.tag = standing.tag
      join task_versions on task_versions.id = task_images.task_version_id
      join tags on tags.repository_id = standing.repository_id and tags.name = standing.tag
      where ${isCurrentVersion}
    )
    update ${notifications} set resolved_at = now()
    from standing
    where notifications.id = standing.id and (
      not exists (
        select 1 from access_watches watch
        where watch.repository_id = standing.repository_id
          and watch.reference = ':' || standing.tag and watch.reason <> 'base'
      )
      or standing.id in (select id from floating group by id having bool_and(imported = current))
    )`);
}
