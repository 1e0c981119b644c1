import type { Page } from '@playwright/test';
import type { App } from '@/e2e/support/app';
import { type EventClient, followEvents } from '@/e2e/support/event-client';
import {
  ensureTestRegistry,
  enter,
  expectState,
  fillSpec,
  readJson,
  saveAndBuild,
} from '@/e2e/support/site';
import { expect, test } from '@/e2e/support/test';
import { faultRounds, testEnv } from '@/e2e/support/test-env';
import { until } from '@/e2e/support/until';
import type { BuildView, LinesView, LineView } from '@/lib/build/views';

const LINES = 300;
// The name makes each build's step another one: the engine would take it from its cache.
const print = (name: string) =>
  `echo ${name}; for i in $(seq 1 ${LINES}); do echo "line $i"; sleep 0.1; done`;
const BUILD_MS = 300_000;

test.describe.configure({ timeout: faultRounds() * BUILD_MS });

test.beforeEach(async ({ page, app }) => {
  await enter(page, app);
  await ensureTestRegistry(page, app, 'plain');
});

/** The numbers that the printing step printed, in the order they stand. */
function numbers(texts: readonly string[]): number[] {
  return texts.flatMap((text) => {
    const found = /^line (\d+)$/.exec(text)?.[1];
    return found === undefined ? [] : [Number(found)];
  });
}

const upTo = (last: number) =>
  Array.from({ length: last }, (_, index) => index + 1);

async function cookieOf(page: Page): Promise<string> {
  return (await page.context().cookies())
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ');
}

async function isAtLine(
  client: EventClient,
  attempt: number,
  line: number,
): Promise<void> {
  const seen = () =>
    numbers((client.lines.get(attempt) ?? []).map(({ text }) => text)).length >=
    line;
  await until(`Line ${line} of attempt ${attempt}`, seen, BUILD_MS);
}

/** Store, stream and download of one attempt must hold the same lines, numbered without a gap. */
async function readThrice(
  page: Page,
  app: App,
  id: string,
  attempt: number,
  client: EventClient,
) {
  const stored: LineView[] = [];
  for (;;) {
    const path = `${app.url}/api/builds/${id}/lines?attempt=${attempt}&from=${stored.length + 1}&limit=200`;
    const { lines } = await readJson<LinesView>(page, path);
    if (lines.length === 0) break;
    stored.push(...lines);
  }
  const download = await page.request.get(
    `${app.url}/api/builds/${id}/log?attempt=${attempt}`,
  );
  const texts = stored.map(({ text }) => text);
  expect(stored.map(({ n }) => n)).toEqual(upTo(stored.length));
  expect(
    (client.lines.get(attempt) ?? []).map(({ n, text }) => [n, text]),
  ).toEqual(stored.map(({ n, text }) => [n, text]));
  expect((await download.text()).split('\n').slice(0, -1)).toEqual(texts);
  return numbers(texts);
}

/** A build that prints for half a minute, and who follows it. */
async function begin(page: Page, app: App, name: string) {
  await fillSpec(page, app, {
    name,
    registryName: 'plain',
    registry: testEnv().registries.plain,
    commands: [print(name)],
  });
  const id = await saveAndBuild(page);
  const client = followEvents(
    `${app.url}/api/builds/${id}/events`,
    await cookieOf(page),
  );
  return { id, client };
}

test('no line is lost or doubled when app and worker are killed', async ({
  page,
  app,
}) => {
  const { id, client } = await begin(page, app, `fault-both-${Date.now()}`);
  await isAtLine(client, 1, 20);
  await app.kill('app');
  await isAtLine(client, 1, 60);
  await app.kill('worker');
  await isAtLine(client, 2, 40);
  expect(await client.ended).toBe('published');
  expect(client.connections()).toBeGreaterThan(1);

  const first = await readThrice(page, app, id, 1, client);
  expect(first).toEqual(upTo(first.length));
  expect(first.length).toBeGreaterThanOrEqual(60);
  expect(await readThrice(page, app, id, 2, client)).toEqual(upTo(LINES));
  const build = await readJson<BuildView>(page, `${app.url}/api/builds/${id}`);
  expect(build.attempts).toMatchObject([
    { outcome: 'lost' },
    { outcome: 'published', log: 'complete' },
  ]);
});

/** From before the claim to after the end of a build here. */
const ANY_MOMENT_MS = 40_000;

for (const part of ['app', 'worker'] as const)
  for (let round = 1; round <= faultRounds(); round += 1) {
    test(`whenever the ${part} is killed, the build ends truthfully and whole, round ${round}`, async ({
      page,
      app,
    }) => {
      const { id, client } = await begin(
        page,
        app,
        `fault-${part}-${round}-${Date.now()}`,
      );
      const moment = Math.round(Math.random() * ANY_MOMENT_MS);
      test.info().annotations.push({
        type: `killed the ${part} after`,
        description: `${moment} ms`,
      });
      await new Promise((resolve) => setTimeout(resolve, moment));
      await app.kill(part);
      const end = await client.ended;
      const build = await readJson<BuildView>(
        page,
        `${app.url}/api/builds/${id}`,
      );
      expect(build.state).toBe(end);
      for (const { attempt } of build.attempts) {
        const seen = await readThrice(page, app, id, attempt, client);
        expect(seen).toEqual(upTo(seen.length));
      }
      const outcomes = build.attempts.map(({ outcome }) => outcome);
      if (end === 'published') {
        expect(outcomes.filter((each) => each === 'published')).toHaveLength(1);
        expect(build.attempts.at(-1)).toMatchObject({ log: 'complete' });
      } else {
        // What may have been pushed already is not built again behind anybody's back.
        expect(part).toBe('worker');
        expect(outcomes).toEqual(['lost']);
        expect(build.failure?.code).toBe('WORKER_LOST');
        expect(build.steps.some(({ key }) => key === 'push')).toBe(true);
      }
    });
  }

test('a build caught in verifying by kill -9 still ends truthfully', async ({
  page,
  app,
}) => {
  await fillSpec(page, app, {
    name: `fault-verify-${Date.now()}`,
    registryName: 'plain',
    registry: testEnv().registries.plain,
  });
  let id = await saveAndBuild(page);
  let isCaught = false;
  for (let round = 1; round <= 8 && !isCaught; round += 1) {
    const path = `${app.url}/api/builds/${id}`;
    const state = async () => (await readJson<BuildView>(page, path)).state;
    const seen = await until(
      'The end of the push',
      async () => {
        const now = await state();
        return ['verifying', 'published', 'failed'].includes(now) ? now : null;
      },
      BUILD_MS,
    );
    isCaught = seen === 'verifying';
    if (isCaught) {
      await app.kill('app');
    } else {
      await page.goto(`${app.url}/builds/${id}`);
      await page.getByRole('button', { name: 'Rebuild' }).click();
      await page
        .getByRole('menuitem', { name: 'Rebuild this revision' })
        .click();
      await page.waitForURL(
        (url) =>
          url.pathname.startsWith('/builds/') && !url.pathname.endsWith(id),
      );
      id = page.url().slice(-36);
    }
  }
  expect(isCaught).toBe(true);
  await page.goto(`${app.url}/builds/${id}`);
  await expectState(page, 'Published', 60_000);
  const build = await readJson<BuildView>(page, `${app.url}/api/builds/${id}`);
  expect(build).toMatchObject({
    state: 'published',
    verifiedBy: 'server',
    attempts: [{ outcome: 'published' }],
  });
});
