import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '@/lib/build/engine';
import { fakeEngine } from '@/worker/engine-fake';
import { testJob } from '@/worker/testing/test-job';

const never = new AbortController().signal;
const input = (commands: string[]) => ({
  job: testJob(commands),
  dockerfile: commands.join('\n'),
  context: new Map<string, never>(),
});

async function build(commands: string[], signal = never) {
  const events: EngineEvent[] = [];
  const outcome = await fakeEngine().build(
    input(commands),
    (event) => events.push(event),
    signal,
  );
  const printed = events.flatMap((event) =>
    event.kind === 'output'
      ? [`${event.stream} ${Buffer.from(event.bytes).toString()}`]
      : [],
  );
  return { outcome, events, printed };
}

describe('fakeEngine', () => {
  it('says that it is a test engine', async () => {
    expect(await fakeEngine().probe()).toMatchObject({
      state: 'ready',
      kind: 'test',
    });
  });

  it.each([
    ['make all', ['stdout make all\n']],
    ['# fake: print 2', ['stdout line 1\n', 'stdout line 2\n']],
    ['# fake: say hello you', ['stdout hello you\n']],
    ['# fake: err oh', ['stderr oh\n']],
    ['# fake: say a # fake: err b', ['stdout a\n', 'stderr b\n']],
    ['# fake: sleep 0.01', []],
  ])('%s', async (command, lines) => {
    const { outcome, printed } = await build([command]);
    expect(outcome.ok).toBe(true);
    expect(printed).toEqual(lines);
  });

  it('fails a step and runs none after it', async () => {
    const { outcome, printed } = await build(['a', '# fake: exit 7', 'b']);
    expect(outcome).toMatchObject({
      ok: false,
      failure: { exitCode: 7, step: 'fake-1' },
    });
    expect(printed).toEqual(['stdout a\n']);
  });

  it('clips, breaks and stops when told to', async () => {
    const { events } = await build(['# fake: clip']);
    expect(events.map(({ kind }) => kind)).toContain('clipped');
    await expect(build(['# fake: break'])).rejects.toThrow('broke');
    await expect(
      build(['# fake: sleep 60'], AbortSignal.abort()),
    ).rejects.toThrow('aborted');
  });

  it('pushes, slowly or not at all', async () => {
    const push = (commands: string[], signal = never) =>
      fakeEngine().push(input(commands), () => {}, signal);
    expect(await push([])).toMatchObject({
      ok: true,
      digest: expect.stringMatching(/^sha256:\w{64}$/) as string,
    });
    expect(await push(['# fake: push denied'])).toMatchObject({
      ok: false,
      failure: { code: 'BUILD_PUSH_DENIED' },
    });
    await expect(
      push(['# fake: push sleep 60'], AbortSignal.abort()),
    ).rejects.toThrow();
  });
});
