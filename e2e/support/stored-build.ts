import path from 'node:path';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import type { App } from '@/e2e/support/app';
import type { WorkerEvent } from '@/lib/build/protocol';
import { socketUrl } from '@/start/database.js';
import { clusterIn } from '@/start/postgres-cluster.js';
import { readServerFile } from '@/start/postgres-leftover.js';
import { DATABASE } from '@/start/supervise.js';

type Step = Partial<Omit<Extract<WorkerEvent, { kind: 'step' }>, 'kind'>> & {
  key: string;
  clipped?: string;
};
type Line = Pick<
  Extract<WorkerEvent, { kind: 'line' }>,
  'at' | 'step' | 'text'
>;

/** A build as the store holds it, for what no test wants to wait for. Times are Unix milliseconds. */
export type StoredBuild = {
  specName: string;
  state: string;
  createdAt: number;
  startedAt?: number;
  finishedAt?: number;
  failure?: {
    code: string;
    message: string;
    step?: string;
    exitCode?: number;
  };
  steps: Step[];
  lines: Iterable<Line>;
  digest?: string;
  dockerfile?: string;
  /** What the registry holds behind its digest, bottom first. */
  layers?: { digest: string; sizeBytes: number; madeBy: string }[];
  /** The images it stood on. */
  bases?: { reference: string; digest: string }[];
};

const LINES_PER_CHUNK = 4_000;

/** Puts a build with one attempt into the store of a running installation, under a spec that is there. Gives its id. */
export function storeBuild(app: App, build: StoredBuild): Promise<string> {
  return inStore(app, async (client) => {
    const id = await insertBuild(client, build);
    await insertImage(client, id, build);
    return id;
  });
}

/** Ends a build that was stored as one that runs; its page learns of it as it looks after what it shows. */
export function endBuild(app: App, id: string, state: string): Promise<void> {
  return inStore(app, async (client) => {
    await client.query(
      'update builds set state = $2, finished_at = now() where id = $1',
      [id, state],
    );
    await client.query(
      'update build_attempts set outcome = $2, finished_at = now() where build_id = $1',
      [id, state],
    );
  });
}

/** Works in the store of a running installation, for what no test can bring about by its pages. */
export async function inStore<T>(
  app: App,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const server = readServerFile(
    clusterIn(path.join(app.dataFolder, 'postgres')),
  );
  if (!server) throw new Error('The installation has no database of its own.');
  const client = new pg.Client({
    connectionString: socketUrl(server.socketFolder, DATABASE),
  });
  await client.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } finally {
    await client.end();
  }
}

async function insertBuild(
  client: pg.Client,
  build: StoredBuild,
): Promise<string> {
  const { specName, state, failure } = build;
  const at = (ms: number | undefined) =>
    ms === undefined ? null : new Date(ms);
  const isOver = build.finishedAt !== undefined;
  const { rows } = await client.query<{ id: string }>(
    `with place as (
       insert into repositories (id, team_id, registry_id, host, path)
       select uuidv7(), s.team_id, s.registry_id, 'registry.test', 'acme/' || s.name from image_specs s where s.name = $1
       on conflict (team_id, host, path) do update set host = excluded.host returning id, team_id
     )
     insert into builds (id, team_id, number, spec_id, revision_id, cause, started_by, platform, repository_id, tag, state,
       current_attempt, failure_code, failure_message, failure_step, failure_exit_code, digest, verified_by, created_at, started_at, finished_at)
     select uuidv7(), s.team_id, (select coalesce(max(number), 0) + 1 from builds b where b.team_id = s.team_id), s.id, r.id, 'manual',
       r.author_id, 'linux/amd64', place.id, r.tag, $2, 1, $3, $4, $5, $6, $7, case when $7::text is null then null else 'server' end, $8, $9, $10
     from image_specs s join spec_revisions r on r.spec_id = s.id and r.number = s.current_revision join place on place.team_id = s.team_id
     where s.name = $1 returning id`,
    [
      specName,
      state,
      failure?.code ?? null,
      failure?.message ?? null,
      failure?.step ?? null,
      failure?.exitCode ?? null,
      build.digest ?? null,
      at(build.createdAt),
      at(build.startedAt),
      at(build.finishedAt),
    ],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error(`There is no spec ${specName}.`);
  const events = build.steps.length;
  const stored = toChunks(build.lines, events);
  await client.query(
    `insert into build_attempts (build_id, attempt, worker_id, claim_key, lease_until, claimed_at, finished_at, outcome, next_seq, line_count,
       is_log_intact, dockerfile, log_bytes)
     select $1, 1, (select w.id from workers w join builds b on b.team_id = w.team_id where b.id = $1 limit 1), gen_random_uuid(),
       now() + interval '1 day', $2, $3, $4, $5, $6, $7, $8, $9`,
    [
      id,
      at(build.startedAt ?? build.createdAt),
      at(build.finishedAt),
      isOver ? state : null,
      stored.nextSeq,
      stored.count,
      isOver ? true : null,
      build.dockerfile ?? null,
      stored.chunks.reduce((sum, [, , , , bytes]) => sum + bytes.length, 0),
    ],
  );
  for (const chunk of stored.chunks)
    await client.query(
      `insert into build_log_chunks (build_id, attempt, first_seq, last_seq, first_line, lines, bytes) values ($1, 1, $2, $3, $4, $5, $6)`,
      [id, ...chunk],
    );
  for (const [position, step] of build.steps.entries()) {
    const own = stored.ofStep.get(step.key);
    await client.query(
      `insert into build_steps (build_id, attempt, key, position, parents, stage, name, state, cached, started_at, completed_at, error,
         exit_code, line_count, first_line_seq, last_line_seq, clipped, seq)
       values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
      [
        id,
        step.key,
        position,
        step.parents ?? [],
        step.stage ?? '',
        step.name ?? `RUN ${step.key}`,
        step.state ?? 'done',
        step.cached ?? false,
        at(step.startedAt ?? undefined),
        at(step.completedAt ?? undefined),
        step.error ?? null,
        step.exitCode ?? null,
        own?.count ?? 0,
        own?.first ?? null,
        own?.last ?? null,
        step.clipped ?? null,
        position + 1,
      ],
    );
  }
  return id;
}

async function insertImage(
  client: pg.Client,
  buildId: string,
  { layers = [], bases }: StoredBuild,
): Promise<void> {
  if (bases)
    await client.query(
      `insert into build_outputs (build_id, platform, repository_id, digest, detail)
       select id, platform, repository_id, digest, $2 from builds where id = $1 and digest is not null`,
      [buildId, JSON.stringify({ version: 1, bases })],
    );
  if (layers.length === 0) return;
  await client.query(
    `insert into manifests (repository_id, digest, team_id, kind, media_type, platform, platforms, size_bytes)
     select repository_id, digest, team_id, 'image', 'application/vnd.oci.image.manifest.v1+json', platform, array[platform], $2
     from builds where id = $1`,
    [buildId, layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)],
  );
  for (const [position, layer] of layers.entries())
    await client.query(
      `insert into manifest_layers (repository_id, digest, position, blob_digest, size_bytes, made_by)
       select repository_id, digest, $2, $3, $4, $5 from builds where id = $1`,
      [buildId, position, layer.digest, layer.sizeBytes, layer.madeBy],
    );
}

type Chunk = [
  firstSeq: number,
  lastSeq: number,
  firstLine: number,
  lines: number,
  bytes: Buffer,
];

/** The lines as chunks; the first `before` event numbers belong to the steps. */
function toChunks(lines: Iterable<Line>, before: number) {
  const chunks: Chunk[] = [];
  const ofStep = new Map<
    string,
    { count: number; first: number; last: number }
  >();
  let count = 0;
  let texts: string[] = [];
  const flush = () => {
    if (texts.length === 0) return;
    const firstLine = count - texts.length + 1;
    const bytes = gzipSync(texts.map((text) => `${text}\n`).join(''), {
      level: 1,
    });
    chunks.push([
      before + firstLine,
      before + count,
      firstLine,
      texts.length,
      bytes,
    ]);
    texts = [];
  };
  for (const line of lines) {
    count += 1;
    const seq = before + count;
    const own = ofStep.get(line.step);
    ofStep.set(line.step, {
      count: (own?.count ?? 0) + 1,
      first: own?.first ?? seq,
      last: seq,
    });
    texts.push(JSON.stringify({ kind: 'line', stream: 'stdout', ...line }));
    if (texts.length === LINES_PER_CHUNK) flush();
  }
  flush();
  return { chunks, ofStep, count, nextSeq: before + count + 1 };
}
