import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { connectListener, db } from '@/db';
import { seal, open } from '@/lib/crypto';

it('gives each test file a migrated database of its own', async () => {
  const answer = await db().execute<{ name: string; tables: string }>(
    sql`select current_database() as name, count(*)::text as tables from pg_tables where schemaname = 'public'`,
  );
  expect(answer.rows[0]?.name).toMatch(/^test_[0-9a-f]{16}$/);
  expect(Number(answer.rows[0]?.tables)).toBeGreaterThan(5);
});

it('gives each test file an installation key', () => {
  const place = { table: 't', rowId: 'r', teamId: 'x' };
  expect(open(seal('word', place), place)).toBe('word');
});

it('lets a test listen for notifications', async () => {
  const listener = await connectListener();
  try {
    const heard = new Promise((resolve) =>
      listener.on('notification', ({ payload }) => resolve(payload)),
    );
    await listener.query('listen greetings');
    await db().execute(sql`select pg_notify('greetings', 'hello')`);
    expect(await heard).toBe('hello');
  } finally {
    await listener.end();
  }
});
