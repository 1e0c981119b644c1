import 'server-only';
import {
  and,
  desc,
  eq,
  isNull,
  lt,
  notExists,
  type SQL,
  sql,
} from 'drizzle-orm';
import { db, type Database, type Transaction } from '@/db';
import { notificationReads, notifications } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import {
  AlertDetail,
  type AlertFilter,
  type AlertId,
  type AlertKind,
  alertSubject,
  type AlertView,
} from '@/lib/registry/alerts';

const PAGE = 50;
/** A count shown to a person is exact below this. */
const COUNTED = 100;

/**
 * Says that something needs a person. While an alert on the same subject stands it gets the newer facts and is news
 * again to everybody; said twice with the same facts it is said once.
 */
export async function raiseAlert(
  tx: Transaction | Database,
  teamId: string,
  detail: AlertDetail,
): Promise<void> {
  const [changed] = await tx
    .insert(notifications)
    .values({
      teamId,
      kind: detail.kind,
      subject: alertSubject(detail),
      detail,
    })
    .onConflictDoUpdate({
      target: [notifications.teamId, notifications.kind, notifications.subject],
      targetWhere: isNull(notifications.resolvedAt),
      set: { detail, raisedAt: sql`now()` },
      setWhere: sql`${notifications.detail} <> excluded.detail`,
    })
    .returning({ id: notifications.id });
  if (changed)
    await tx
      .delete(notificationReads)
      .where(eq(notificationReads.notificationId, changed.id));
}

/** What the alert of a kind on a subject says, while it stands. */
export async function findStanding<Kind extends AlertKind>(
  tx: Transaction | Database,
  teamId: string,
  kind: Kind,
  subject: string,
): Promise<Extract<AlertDetail, { kind: Kind }> | null> {
  const [row] = await tx
    .select({ detail: notifications.detail })
    .from(notifications)
    .where(isStanding(teamId, kind, subject));
  if (!row) return null;
  return AlertDetail.parse(row.detail) as Extract<AlertDetail, { kind: Kind }>;
}

const isStanding = (teamId: string, kind: AlertKind, subject: string) =>
  and(
    eq(notifications.teamId, teamId),
    eq(notifications.kind, kind),
    eq(notifications.subject, subject),
    isNull(notifications.resolvedAt),
  );

/** Ends the alert on a subject, when one stands: what it was about is over. */
export async function resolveAlert(
  tx: Transaction | Database,
  teamId: string,
  kind: AlertKind,
  subject: string,
): Promise<void> {
  await tx
    .update(notifications)
    .set({ resolvedAt: sql`now()` })
    .where(isStanding(teamId, kind, subject));
}

const isUnread = (actor: Actor) =>
  notExists(
    db()
      .select({ id: notificationReads.notificationId })
      .from(notificationReads)
      .where(
        and(
          eq(notificationReads.notificationId, notifications.id),
          eq(notificationReads.userId, actor.userId),
        ),
      ),
  );

/** The query behind a page of alerts, for `listAlerts` and for the test that reads its plan. */
export function alertPage(
  actor: Actor,
  { kind, isResolved, after }: AlertFilter,
  limit: number,
) {
  const where: (SQL | undefined)[] = [
    eq(notifications.teamId, actor.teamId),
    kind && eq(notifications.kind, kind),
    isResolved ? undefined : isNull(notifications.resolvedAt),
    after === undefined ? undefined : lt(notifications.id, after),
  ];
  return db()
    .select({
      row: notifications,
      isRead: sql<boolean>`not (${isUnread(actor)})`,
    })
    .from(notifications)
    .where(and(...where))
    .orderBy(desc(notifications.id))
    .limit(limit);
}

/** Alerts of the team, newest first: those that stand, or with `isResolved` also those that are over. */
export async function listAlerts(
  actor: Actor,
  filter: AlertFilter = { isResolved: false },
  limit = PAGE,
): Promise<{ items: AlertView[]; next: string | null }> {
  const rows = await alertPage(actor, filter, limit + 1);
  const page = rows.slice(0, limit);
  return {
    items: page.map(({ row, isRead }) => ({
      id: row.id,
      detail: AlertDetail.parse(row.detail),
      raisedAt: row.raisedAt.toISOString(),
      resolvedAt: row.resolvedAt?.toISOString() ?? null,
      isRead,
    })),
    next: rows.length > limit ? (page.at(-1)?.row.id ?? null) : null,
  };
}

/** The query behind the count at the bell, for the test that reads its plan. */
export function unreadAlerts(actor: Actor) {
  return db()
    .select({ id: notifications.id })
    .from(notifications)
    .where(
      and(
        eq(notifications.teamId, actor.teamId),
        isNull(notifications.resolvedAt),
        isUnread(actor),
      ),
    )
    .limit(COUNTED);
}

/** How many alerts stand that this person has not read, 100 at most. */
export async function countUnread(actor: Actor): Promise<{ unread: number }> {
  return { unread: (await unreadAlerts(actor)).length };
}

/** Marks one alert read by this person. Throws NOT_FOUND, for another team's too. */
export async function markAlertRead(
  actor: Actor,
  { alertId }: AlertId,
): Promise<void> {
  await requireAlert(actor, alertId);
  await db()
    .insert(notificationReads)
    .values({ notificationId: alertId, userId: actor.userId })
    .onConflictDoNothing();
}

/** Marks every alert that stands read by this person. */
export async function markAlertsRead(actor: Actor): Promise<void> {
  await db().execute(sql`
    insert into notification_reads (notification_id, user_id)
    select ${notifications.id}, ${actor.userId} from ${notifications}
    where ${notifications.teamId} = ${actor.teamId} and ${notifications.resolvedAt} is null
    on conflict do nothing`);
}

/** Says for the whole team that an alert is settled. It is raised anew when the same happens again. Throws NOT_FOUND. */
export async function dismissAlert(
  actor: Actor,
  { alertId }: AlertId,
): Promise<void> {
  await requireAlert(actor, alertId);
  await db()
    .update(notifications)
    .set({ resolvedAt: sql`now()`, resolvedBy: actor.userId })
    .where(
      and(eq(notifications.id, alertId), isNull(notifications.resolvedAt)),
    );
}

async function requireAlert(actor: Actor, alertId: string): Promise<void> {
  const [row] = await db()
    .select({ id: notifications.id })
    .from(notifications)
    .where(
      and(
        eq(notifications.id, alertId),
        eq(notifications.teamId, actor.teamId),
      ),
    );
  if (!row) throw new AppError('NOT_FOUND', 'There is no such alert.');
}
