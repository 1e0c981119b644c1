import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, inject } from 'vitest';
import { closeDatabase } from '@/db';
import { runSql, withDatabase } from '@/db/testing/admin';

// Each test file gets a database and a data folder of its own, before anything it imports reads the environment.
const { url, template } = inject('testServer');
const name = `test_${randomBytes(8).toString('hex')}`;
await runSql(url, `create database ${name} template ${template}`);
const dataFolder = mkdtempSync(path.join(tmpdir(), 'imageyard-data-'));
writeFileSync(
  path.join(dataFolder, 'key'),
  randomBytes(32).toString('base64'),
  { mode: 0o600 },
);
process.env.DATABASE_URL = withDatabase(url, name);
process.env.IMAGEYARD_DATA = dataFolder;

afterAll(async () => {
  await closeDatabase();
  await runSql(url, `drop database ${name} with (force)`);
  rmSync(dataFolder, { recursive: true, force: true });
});
