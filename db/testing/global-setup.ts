import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '@/start/database.js';
import { startPostgres } from '@/start/postgres.js';
import { runSql, withDatabase } from '@/db/testing/admin';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where databases are made: a server's address, and the migrated database that each is a copy of. */
    testServer: { url: string; template: string };
  }
}

const MIGRATIONS = path.join(import.meta.dirname, '../migrations');

/**
 * Gives the service tests a PostgreSQL of their own (or the server that
 * IMAGEYARD_TEST_DATABASE_URL names) with one migrated database to copy.
 */
export default async function setup({
  provide,
}: TestProject): Promise<() => Promise<void>> {
  const server = await openServer();
  const template = `imageyard_template_${process.pid}`;
  const drop = () =>
    runSql(server.url, `drop database if exists ${template} with (force)`);
  try {
    await drop();
    await runSql(server.url, `create database ${template}`);
    await migrate(withDatabase(server.url, template), MIGRATIONS);
  } catch (error) {
    await server.stop();
    throw error;
  }
  provide('testServer', { url: server.url, template });
  return async () => {
    await drop();
    await server.stop();
  };
}

async function openServer(): Promise<{
  url: string;
  stop: () => Promise<void>;
}> {
  const given = process.env.IMAGEYARD_TEST_DATABASE_URL;
  if (given) return { url: given, stop: () => Promise.resolve() };
  const root = await mkdtemp(path.join(tmpdir(), 'imageyard-db-'));
  const removeRoot = () => rm(root, { recursive: true, force: true });
  try {
    const server = await startPostgres({
      root,
      logFile: undefined,
      guard: undefined,
      signal: undefined,
      isDurable: false,
    });
    const stop = async () => {
      await server.stop();
      await removeRoot();
    };
    return { url: server.url('postgres'), stop };
  } catch (error) {
    await removeRoot();
    throw error;
  }
}
