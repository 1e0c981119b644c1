import { setMaxListeners } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { POST as claim } from '@/app/api/worker/claim/route';
import { POST as credentials } from '@/app/api/worker/builds/[buildId]/[attempt]/credentials/route';
import { POST as events } from '@/app/api/worker/builds/[buildId]/[attempt]/events/route';
import { POST as finish } from '@/app/api/worker/builds/[buildId]/[attempt]/finish/route';
import { POST as heartbeat } from '@/app/api/worker/builds/[buildId]/[attempt]/heartbeat/route';
import { db } from '@/db';
import { specRevisions } from '@/db/schema';
import {
  makeActor,
  makeRegistry,
  makeSpec,
  makeWorker,
} from '@/db/testing/rows';
import { appendEvents } from '@/lib/services/build-events';
import { followBuild } from '@/lib/services/build-follow';
import { getBuild } from '@/lib/services/build-views';
import { startBuild } from '@/lib/services/testing/starts';
import { claimNow } from '@/lib/services/testing/claims';
import { work } from '@/worker/claim-loop';
import { fakeEngine } from '@/worker/engine-fake';
import { renderJob } from '@/worker/render';
import { serverApi } from '@/worker/server-api';

const LINES = 200_000;
const VIEWERS = 1_000;
const SECONDS = 20;
const LINES_A_SECOND = 200;
const BATCH_MS = 250;

type Handler = (request: Request, context: never) => Promise<Response>;
const VERBS: Record<string, Handler> = {
  credentials,
  events,
  finish,
  heartbeat,
};

/** The server's routes for workers over real HTTP, without the rest of the app. */
async function serveWorkers() {
  const server = http.createServer((incoming, outgoing) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
      const request = new Request(url, {
        method: 'POST',
        headers: incoming.headers as Record<string, string>,
        body: Buffer.concat(chunks),
      });
      const [, buildId = '', attempt = '', verb = ''] =
        /builds\/([^/]+)\/(\d+)\/(\w+)$/.exec(url.pathname) ?? [];
      const params = Promise.resolve({ buildId, attempt });
      const handler = VERBS[verb] ?? claim;
      const answer = await handler(request, { params } as never);
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
      outgoing.end(Buffer.from(await answer.arrayBuffer()));
    })();
  });
  await new Promise<void>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve()),
  );
  const { port } = server.address() as AddressInfo;
  return { server, origin: `http://127.0.0.1:${port}` };
}

async function makeBuild(commands: string[]) {
  const actor = await makeActor();
  const worker = await makeWorker(actor);
  const { spec } = await makeSpec(actor, await makeRegistry(actor));
  await db().execute(sql`alter table ${specRevisions} disable trigger user`);
  await db()
    .update(specRevisions)
    .set({ fields: { version: 1, name: spec.name, commands } as never })
    .where(sql`${specRevisions.specId} = ${spec.id}`);
  const { id } = await startBuild(actor, { specId: spec.id, noCache: false });
  return { actor, worker, id };
}

it(`carries ${LINES.toLocaleString('en')} lines from a worker into the store`, async () => {
  const { actor, worker, id } = await makeBuild([`# fake: print ${LINES}`]);
  const { server, origin } = await serveWorkers();
  const dir = mkdtempSync(path.join(tmpdir(), 'imageyard-bench-'));
  const stop = new AbortController();
  const begun = performance.now();
  const over = work(
    {
      engine: fakeEngine(),
      server: serverApi(origin, worker.secret),
      dir,
      version: '0.0.0',
      probeMs: 60_000,
      backoff: {
        firstMs: 50,
        maxMs: 1_000,
        random: Math.random,
        onAway: () => undefined,
        onBack: () => undefined,
      },
      render: (job, project) => renderJob(job, project, null),
      readBack: () => Promise.resolve('unknown'),
      packages: { images: new Map(), folders: new Map() },
      now: Date.now,
      onError: (error) => console.error(error),
      say: () => undefined,
    },
    stop.signal,
  );
  let view = await getBuild(actor, id);
  while (view.attempts[0]?.log !== 'complete') {
    await new Promise((resolve) => setTimeout(resolve, 50));
    view = await getBuild(actor, id);
  }
  const seconds = (performance.now() - begun) / 1_000;
  stop.abort();
  await over;
  server.close();
  rmSync(dir, { recursive: true, force: true });
  console.table({
    'lines a second, worker to store': Math.round(LINES / seconds),
    'lines lost': LINES - (view.attempts[0]?.lines ?? 0),
  });
  expect(view.attempts[0]?.lines).toBe(LINES);
});

it(`shows one build to ${VIEWERS.toLocaleString('en')} viewers`, async () => {
  const { actor, worker, id } = await makeBuild([]);
  const job = await claimNow(worker);
  if (!job) throw new Error('Nothing was claimed.');
  let seq = 1;
  const send = async (list: object[]) => {
    const texts = list.map((event) => JSON.stringify(event));
    await appendEvents(worker, job, seq, texts.join('\n'));
    seq += list.length;
  };
  await send([{ kind: 'state', at: 1, state: 'building' }]);
  const abort = new AbortController();
  setMaxListeners(0, abort.signal);
  const latencies: number[] = [];
  const counts = new Array<number>(VIEWERS).fill(0);
  const memoryBefore = process.memoryUsage().rss;
  const viewers = counts.map(async (_, viewer) => {
    const start = { attempt: 0, seq: 0 };
    for await (const event of followBuild(actor, id, start, abort.signal)) {
      if (event.event !== 'lines') continue;
      const now = performance.now();
      for (const { text } of event.data) latencies.push(now - Number(text));
      counts[viewer] = (counts[viewer] ?? 0) + event.data.length;
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const batch = (LINES_A_SECOND * BATCH_MS) / 1_000;
  let sent = 0;
  for (let n = 0; n < (SECONDS * 1_000) / BATCH_MS; n += 1) {
    const began = performance.now();
    await send(
      Array.from({ length: batch }, () => ({
        kind: 'line',
        at: 1,
        step: 's',
        stream: 'stdout',
        text: String(performance.now()),
      })),
    );
    sent += batch;
    const left = BATCH_MS - (performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, left)));
  }
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const memory = process.memoryUsage().rss - memoryBefore;
  abort.abort();
  await Promise.all(viewers);
  latencies.sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(latencies[Math.floor(latencies.length * share)] ?? 0);
  const lost = counts.reduce((sum, count) => sum + sent - count, 0);
  console.table({
    'lines sent': sent,
    'lines lost, all viewers': lost,
    'latency of a line, p50 ms': at(0.5),
    'latency of a line, p99 ms': at(0.99),
    'memory more, MiB': Math.round(memory / 1024 / 1024),
  });
  expect(lost).toBe(0);
});
