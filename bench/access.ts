import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { judgeAccess } from '@/lib/registry/access';
import type { CachedContent } from '@/lib/registry/client/content-cache';
import { gatherAccess } from '@/lib/registry/client/gather-access';
import { createHostGate } from '@/lib/registry/client/host-gate';
import { openShare } from '@/lib/registry/client/session';
import { freePort } from '@/start/test/free-port.js';

// How many checks a second we do over a thousand images on a local Debian docker-registry, next to a loop of
// `skopeo inspect`. Both go in turns, skopeo over some of the same images, so that what else the machine does hits both alike.

const run = promisify(execFile);
const IMAGES = 1_000;
const ROUNDS = 5;
/** Enough of each round for a rate: each is a process of its own. */
const SKOPEO = 20;
const TYPE = 'application/vnd.oci.image.manifest.v1+json';
const sha = (bytes: Buffer) =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

async function put(base: string, bytes: Buffer): Promise<string> {
  const digest = sha(bytes);
  const begun = await fetch(`${base}/blobs/uploads/`, { method: 'POST' });
  const url = new URL(begun.headers.get('location') ?? '', base);
  url.searchParams.set('digest', digest);
  const done = await fetch(url, { method: 'PUT', body: new Uint8Array(bytes) });
  if (done.status !== 201)
    throw new Error(`A blob was refused: ${done.status}`);
  return digest;
}

async function seed(origin: string): Promise<void> {
  const base = `${origin}/v2/bench/image`;
  const layer = async (text: string) => {
    const bytes = Buffer.from(text.repeat(100));
    return {
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest: await put(base, bytes),
      size: bytes.length,
    };
  };
  const shared = await Promise.all(['one', 'two', 'three', 'four'].map(layer));
  for (let index = 0; index < IMAGES; index += 1) {
    // As images of one team mostly are: the same base and packages, and a layer of their own on top.
    const layers = [...shared, await layer(`own ${index}`)];
    const config = Buffer.from(
      JSON.stringify({
        os: 'linux',
        architecture: 'amd64',
        config: { Env: [`N=${index}`] },
        rootfs: {
          type: 'layers',
          diff_ids: layers.map(({ digest }) => digest),
        },
      }),
    );
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: TYPE,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: await put(base, config),
        size: config.length,
      },
      layers,
    });
    const answer = await fetch(`${base}/manifests/t${index}`, {
      method: 'PUT',
      headers: { 'content-type': TYPE },
      body: manifest,
    });
    if (answer.status !== 201)
      throw new Error(`A manifest was refused: ${answer.status}`);
  }
}

/** `docker-registry` on a free port with an empty folder. */
async function startRegistry(folder: string) {
  const port = await freePort();
  const config = path.join(folder, 'config.yml');
  await writeFile(
    config,
    `version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: ${folder}/data}}\nhttp: {addr: 127.0.0.1:${port}}\n`,
  );
  const child = spawn('docker-registry', ['serve', config], {
    stdio: 'ignore',
  });
  const origin = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (
      await fetch(`${origin}/v2/`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return { child, port, origin };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('docker-registry did not start.');
}

const folder = await mkdtemp(path.join(tmpdir(), 'imageyard-bench-'));
const { child, port, origin } = await startRegistry(folder);
try {
  await seed(origin);
  const host = `127.0.0.1:${port}`;
  const policy = {
    allow: [
      {
        host: '127.0.0.1',
        port,
        scheme: 'http' as const,
        cidrs: ['127.0.0.1/32'],
      },
    ],
  };
  const kept = new Map<string, CachedContent>();
  const cache = {
    find: (digest: string) => Promise.resolve(kept.get(digest) ?? null),
    keep: (digest: string, content: CachedContent) => {
      kept.set(digest, content);
      return Promise.resolve();
    },
  };
  const share = openShare({ policy }, true);
  const gate = createHostGate();
  let requests = 0;
  const check = async (tag: string, depth: 'all' | 'sampled') => {
    const evidence = await gatherAccess({
      reference: `${host}/bench/image:${tag}`,
      platform: 'linux/amd64',
      vantage: 'bench',
      plainHttp: true,
      depth,
      cache,
      policy,
      share,
      seat: {
        gate,
        ticket: { team: 'bench', identity: 'anonymous', isUrgent: false },
      },
    });
    requests += evidence.exchanges.length;
    const { underlying } = judgeAccess(evidence);
    if (underlying !== 'public')
      throw new Error(`${tag}: ${String(underlying)}`);
  };
  const ours = async (tags: string[], depth: 'all' | 'sampled') => {
    const queue = [...tags];
    const work = async () => {
      for (let tag = queue.shift(); tag; tag = queue.shift())
        await check(tag, depth);
    };
    const began = performance.now();
    await Promise.all(Array.from({ length: 6 }, work));
    return tags.length / ((performance.now() - began) / 1000);
  };
  const theirs = async (tags: string[]) => {
    const began = performance.now();
    for (const tag of tags)
      await run('skopeo', [
        'inspect',
        '--no-tags',
        '--tls-verify=false',
        `docker://${host}/bench/image:${tag}`,
      ]);
    return tags.length / ((performance.now() - began) / 1000);
  };
  const all = Array.from({ length: IMAGES }, (_, index) => `t${index}`);
  const slice = IMAGES / ROUNDS;
  const rows: Record<
    'first' | 'steady' | 'skopeo' | 'perFirst' | 'perSteady',
    number
  >[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const tags = all.slice(round * slice, (round + 1) * slice);
    requests = 0;
    const first = await ours(tags, 'all');
    const perFirst = requests / tags.length;
    const skopeo = await theirs(tags.slice(0, SKOPEO));
    requests = 0;
    const steady = await ours(tags, 'sampled');
    rows.push({
      first,
      steady,
      skopeo,
      perFirst,
      perSteady: requests / tags.length,
    });
  }
  await share.egress.close();
  const median = (pick: (row: (typeof rows)[number]) => number) =>
    rows.map(pick).sort((a, b) => a - b)[Math.floor(rows.length / 2)] ?? 0;
  console.log(`${IMAGES} images, ${ROUNDS} rounds in turns, medians`);
  console.log(
    `first look, every layer   ${median((row) => row.first).toFixed(0)} checks/s, ${median((row) => row.perFirst).toFixed(1)} requests a check, ${median((row) => row.first / row.skopeo).toFixed(1)} times skopeo inspect`,
  );
  console.log(
    `steady look, a sample     ${median((row) => row.steady).toFixed(0)} checks/s, ${median((row) => row.perSteady).toFixed(1)} requests a check, ${median((row) => row.steady / row.skopeo).toFixed(1)} times skopeo inspect`,
  );
  console.log(
    `skopeo inspect in a loop  ${median((row) => row.skopeo).toFixed(0)} checks/s`,
  );
} finally {
  child.kill();
  await rm(folder, { recursive: true, force: true });
}
