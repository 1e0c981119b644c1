import { beforeEach, describe, expect, it } from 'vitest';
import {
  makeActor,
  makeRegistry,
  makeSpec,
  makeWorker,
} from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import type { WorkerEvent } from '@/lib/build/protocol';
import { appendEvents } from '@/lib/services/build-events';
import { claimNow } from '@/lib/services/testing/claims';
import {
  downloadLines,
  listLines,
  locateLine,
  searchLines,
} from '@/lib/services/build-lines';
import { mergeLog } from '@/lib/services/build-log-store';
import { startBuild } from '@/lib/services/testing/starts';
import type { WorkerActor } from '@/lib/services/worker-auth';

const never = new AbortController().signal;
/** Lines 1 to 40 are `a`'s alone, then `a` and `b` take turns up to 100, then `b` prints alone up to 140. */
const stepOfLine = (n: number) =>
  n <= 40 ? 'a' : n > 100 || n % 2 === 0 ? 'b' : 'a';
const LINES = 140;

let actor: Actor;
let buildId: string;
let attempt: number;
let worker: WorkerActor;

const step = (key: string, position: number): WorkerEvent => ({
  kind: 'step',
  at: 1,
  key,
  position,
  parents: [],
  stage: '',
  name: `RUN ${key}`,
  state: 'running',
  cached: false,
  startedAt: 1,
  completedAt: null,
  error: null,
  exitCode: null,
});
const line = (n: number, text = `line ${n}`): WorkerEvent => ({
  kind: 'line',
  at: n,
  step: stepOfLine(n),
  stream: 'stdout',
  text,
});

beforeEach(async () => {
  actor = await makeActor();
  worker = await makeWorker(actor);
  const { spec } = await makeSpec(actor, await makeRegistry(actor));
  await startBuild(actor, { specId: spec.id, noCache: false });
  const job = await claimNow(worker);
  if (!job) throw new Error('Nothing was claimed.');
  ({ buildId, attempt } = job);
  const events = [
    { kind: 'state', at: 1, state: 'building' } as const,
    step('a', 0),
    step('b', 1),
    ...Array.from({ length: LINES }, (_, index) => {
      const n = index + 1;
      if (n === 50) return line(n, '\x1b[31mFai\x1b[0mled to fetch');
      if (n === 120) return line(n, ' 10%\r 90%\rfailed "at" 99%');
      return line(n);
    }),
  ];
  for (let from = 0; from < events.length; from += 9) {
    const texts = events
      .slice(from, from + 9)
      .map((event) => JSON.stringify(event));
    await appendEvents(worker, job, from + 1, texts.join('\n'));
  }
});

const ofStep = (key: string) =>
  Array.from({ length: LINES }, (_, index) => index + 1).filter(
    (n) => stepOfLine(n) === key,
  );

/** What is asked while batches come in and after they were merged has to be the same. */
async function bothWays<T>(ask: () => Promise<T>): Promise<T> {
  const before = await ask();
  await mergeLog({ buildId, attempt });
  expect(await ask()).toEqual(before);
  return before;
}

describe('listLines', () => {
  it.each(['a', 'b'])('finds any line of step %s by its place', async (key) => {
    const expected = ofStep(key);
    await bothWays(async () => {
      for (const from of [1, 2, 41, expected.length - 1, expected.length]) {
        const { lines, total } = await listLines(actor, buildId, {
          from,
          limit: 7,
          step: key,
        });
        expect(total).toBe(expected.length);
        expect(lines.map(({ n }) => n)).toEqual(
          expected.slice(from - 1, from + 6),
        );
      }
    });
  });

  it('gives nothing past the last line', async () => {
    const query = { from: 500, limit: 7, step: 'a' };
    expect((await listLines(actor, buildId, query)).lines).toEqual([]);
  });
});

it('locateLine tells of every line whose it is and which of the step', async () => {
  await bothWays(async () => {
    for (let n = 1; n <= LINES; n += 1) {
      const key = stepOfLine(n);
      expect(await locateLine(actor, buildId, { n })).toEqual({
        attempt,
        n,
        step: key,
        place: ofStep(key).indexOf(n) + 1,
      });
    }
  });
  await expect(
    locateLine(actor, buildId, { n: LINES + 1 }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

describe('searchLines', () => {
  const search = (words: string, skip = 0, limit = 500) =>
    bothWays(() => searchLines(actor, buildId, { words, skip, limit }, never));

  it('finds words that colours part, and what a progress bar ended with', async () => {
    const { total, hits } = await search('FAILED');
    expect(total).toBe(2);
    expect(hits).toEqual([
      { n: 50, step: 'b', place: ofStep('b').indexOf(50) + 1 },
      { n: 120, step: 'b', place: ofStep('b').indexOf(120) + 1 },
    ]);
  });

  it.each([
    ['what a bar showed before its end', '10%', []],
    ['quotes', '"at"', [120]],
    ['a number only one line has', 'line 77', [77]],
  ])('looks for %s', async (_name, words, lines) => {
    expect((await search(words)).hits.map(({ n }) => n)).toEqual(lines);
  });

  it('counts all and gives the part that is asked for', async () => {
    const { total, hits } = await search('line', 100, 3);
    expect(total).toBe(LINES - 2);
    expect(hits.map(({ n }) => n)).toEqual([102, 103, 104]);
  });
});

it('a download holds one step when that is asked', async () => {
  const { lines } = await downloadLines(actor, buildId, { step: 'b' });
  const seen: number[] = [];
  for await (const { n } of lines) seen.push(n);
  expect(seen).toEqual(ofStep('b'));
});

it('the line after a dropped middle says what is missing before it', async () => {
  const clip = {
    kind: 'clipped',
    at: 1,
    step: 'b',
    by: 'limit',
    reason: 'The log is too long.',
  } as const;
  const next = 4 + LINES;
  const append = (from: number, events: WorkerEvent[]) =>
    appendEvents(
      worker,
      { buildId, attempt },
      from,
      events.map((event) => JSON.stringify(event)).join('\n'),
    );
  await append(next, [clip, step('a', 0)]);
  await append(next + 2, [line(LINES + 1), line(LINES + 2)]);
  const gaps = await bothWays(async () => {
    const query = { from: LINES - 1, limit: 9 };
    const { lines } = await listLines(actor, buildId, query);
    return lines.map(({ n, gap }) => [n, gap]);
  });
  expect(gaps).toEqual([
    [LINES - 1, undefined],
    [LINES, undefined],
    [LINES + 1, 'The log is too long.'],
    [LINES + 2, undefined],
  ]);
  const { lines } = await listLines(actor, buildId, {
    from: LINES + 1,
    limit: 1,
  });
  expect(lines[0]?.gap).toBe('The log is too long.');
});

it("another team's lines are not found", async () => {
  const stranger = await makeActor();
  await expect(
    searchLines(stranger, buildId, { words: 'x', skip: 0, limit: 1 }, never),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(locateLine(stranger, buildId, { n: 1 })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});
