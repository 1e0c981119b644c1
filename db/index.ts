import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import * as schema from '@/db/schema';
import { env } from '@/lib/env';
import { log } from '@/lib/log';

export type Database = NodePgDatabase<typeof schema>;
/** Inside `db.transaction`. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

type Held = { pool: pg.Pool; database: Database };
// The bundler makes one module instance per entry and `next dev` reloads them; the pool must stay one.
const holder = globalThis as typeof globalThis & { imageyardDatabase?: Held };

function held(): Held {
  if (!holder.imageyardDatabase) {
    const pool = new pg.Pool({ connectionString: env().DATABASE_URL, max: 20 });
    pool.on('error', (error) => {
      log.warn({ err: error }, 'a database connection ended');
    });
    holder.imageyardDatabase = {
      pool,
      database: drizzle(pool, { schema, casing: 'snake_case' }),
    };
  }
  return holder.imageyardDatabase;
}

/** The drizzle client over one pool per process. */
export function db(): Database {
  return held().database;
}

/** Ends the pool, for scripts and tests; the next `db()` opens another. */
export async function closeDatabase(): Promise<void> {
  const { imageyardDatabase } = holder;
  delete holder.imageyardDatabase;
  await imageyardDatabase?.pool.end();
}

/** A connection of its own for `LISTEN`, which must not come from the pool. The caller ends it. */
export async function connectListener(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: env().DATABASE_URL });
  await client.connect();
  return client;
}
