// Starts an embedded PostgreSQL, uses it, stops it, and says as what it ran. Arguments: its folder, the checkout.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { startPostgres } from '../postgres.js';
import { runToExit } from '../start-error.js';

const [root, checkout] = process.argv.slice(2);

await runToExit(async () => {
  const server = await startPostgres({ root, checkout });
  await server.createDatabaseIfMissing('yard');
  const client = new pg.Client({ connectionString: server.url('yard') });
  await client.connect();
  const { rows } = await client.query('select current_user as role');
  await client.end();
  const [pid] = readFileSync(
    path.join(root, '18/postmaster.pid'),
    'utf8',
  ).split('\n');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const uid = Number(/^Uid:\t(\d+)/m.exec(status)[1]);
  const capabilities = Number(`0x${/^CapPrm:\t(\w+)/m.exec(status)[1]}`);
  await server.stop();
  console.log(JSON.stringify({ ...rows[0], uid, capabilities }));
});
