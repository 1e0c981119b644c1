import 'server-only';
import { and, eq, gt, or, sql } from 'drizzle-orm';
import { db } from '@/db';
import { registryLimits } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { AccessIdentity } from '@/lib/registry/access-evidence';
import type { Exchange } from '@/lib/registry/evidence';
import { kindOf } from '@/lib/registry/kinds';
import { registryOrigin } from '@/lib/registry/reference';
import type { LimitView } from '@/lib/registry/views';
import { hostGate } from '@/lib/services/polite-clients';

/** Who asked where. `asker` is the credential's id, or `anonymous`. */
export type Asked = {
  teamId: string;
  host: string;
  plainHttp: boolean;
  identity: AccessIdentity;
  asker: string;
};

const gateHost = ({ host, plainHttp }: Asked) =>
  new URL(registryOrigin(host, plainHttp)).host;

/**
 * Heeds what a host said of its limits to an asker before a call, and writes down what it says in the answers, also when
 * the call fails. Every request of this app to a registry is made inside of one.
 */
export async function withLimits<T>(
  asked: Asked,
  spend: (note: (exchange: Exchange) => void) => Promise<T>,
): Promise<T> {
  await heedPause(asked);
  // The last of each kind says it all, however many requests a call makes.
  const last = new Map<string, Exchange>();
  try {
    return await spend((exchange) => {
      for (const kind of kindsOf(exchange)) last.set(kind, exchange);
    });
  } finally {
    await recordLimits(asked, [...last.values()]);
  }
}

function kindsOf({ quota, status, url, purpose }: Exchange): string[] {
  const isPull = purpose === 'manifest' && status === 200;
  return [
    ...(quota ? ['quota'] : []),
    ...(status === 429 ? [`refused ${new URL(url).host}`] : []),
    ...(isPull ? ['pull'] : []),
  ];
}

/**
 * Leaves a host alone that asked for it before this process began, or in another one. Anonymous limits are counted for
 * this server's address, so what one team ran into holds for all.
 */
async function heedPause(asked: Asked): Promise<void> {
  const place = { host: gateHost(asked), identity: asked.asker };
  const [row] = await db()
    .select({
      until: sql<Date | null>`max(${registryLimits.pausedUntil})`.mapWith(
        registryLimits.pausedUntil,
      ),
    })
    .from(registryLimits)
    .where(
      and(
        eq(registryLimits.host, asked.host),
        eq(registryLimits.identity, asked.identity),
        gt(registryLimits.pausedUntil, sql`now()`),
        or(
          eq(registryLimits.identity, 'anonymous'),
          eq(registryLimits.teamId, asked.teamId),
        ),
      ),
    );
  if (row?.until) hostGate.close(place, 'limited', row.until.getTime());
}

/** Writes down what the answers said of a limit. Docker Hub says that it counts nothing by saying nothing. */
async function recordLimits(
  asked: Asked,
  exchanges: readonly Exchange[],
): Promise<void> {
  const quota = exchanges.findLast((one) => one.quota !== null)?.quota ?? null;
  const refused = exchanges.filter(({ status }) => status === 429);
  const isUncounted =
    kindOf(asked.host) === 'docker_hub' &&
    exchanges.some(
      ({ purpose, status }) => purpose === 'manifest' && status === 200,
    );
  if (!quota && refused.length === 0 && !isUncounted) return;
  const until = Math.max(
    0,
    ...refused.map(
      ({ url }) =>
        hostGate.closedUntilMs({
          host: new URL(url).host,
          identity: asked.asker,
          isUrgent: true,
        }) ?? 0,
    ),
  );
  const { teamId, host, identity } = asked;
  const said = {
    ...(quota || isUncounted
      ? {
          limit: quota?.limit ?? null,
          remaining: quota?.remaining ?? null,
          windowSeconds: quota?.windowSeconds ?? null,
          source: quota?.source ?? null,
        }
      : {}),
    pausedUntil: until > 0 ? new Date(until) : null,
    seenAt: new Date(),
  };
  await db()
    .insert(registryLimits)
    .values({ teamId, host, identity, ...said })
    .onConflictDoUpdate({
      target: [
        registryLimits.teamId,
        registryLimits.host,
        registryLimits.identity,
      ],
      set: said,
    });
}

/** What a host last said of its pull limits to each identity of the team. */
export async function listLimits(
  actor: Actor,
  host: string,
): Promise<LimitView[]> {
  const rows = await db()
    .select()
    .from(registryLimits)
    .where(
      and(
        eq(registryLimits.teamId, actor.teamId),
        eq(registryLimits.host, host),
      ),
    )
    .orderBy(registryLimits.identity);
  return rows.map((row) => ({
    identity: row.identity,
    limit: row.limit,
    remaining: row.remaining,
    windowSeconds: row.windowSeconds,
    source: row.source,
    pausedUntil:
      row.pausedUntil && row.pausedUntil > new Date()
        ? row.pausedUntil.toISOString()
        : null,
    seenAt: row.seenAt.toISOString(),
  }));
}
