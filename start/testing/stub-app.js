// Healthy while it reaches its database. `/exit` ends it, `/count` counts in the database.
import { createServer } from 'node:http';
import pg from 'pg';

const [host, port] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
pool.on('error', () => {});
await pool.query('create table if not exists visits (id serial)');

createServer(async (request, response) => {
  if (request.url === '/exit') process.exit(3);
  try {
    if (request.url === '/count')
      await pool.query('insert into visits default values');
    const { rows } = await pool.query(
      'select count(*)::int as count from visits',
    );
    response.end(JSON.stringify({ ok: true, pid: process.pid, ...rows[0] }));
  } catch {
    response.writeHead(503).end();
  }
}).listen(Number(port), host);
