import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineEvent, EngineStep } from '@/lib/build/engine';
import { classifyBuildFailure } from '@/lib/build/failure';
import { CA_EXPORTS } from '@/lib/imagespec/ca-certificates';
import { StepTracker, readName } from '@/worker/buildkit/steps';
import { type Trace, decodeTrace } from '@/worker/buildkit/trace';

type Message = { id?: string; aux?: string; error?: string };

/** What Docker 20.10 answered to a real build, line by line. */
function recorded(name: string): Message[] {
  const file = path.join(import.meta.dirname, `testdata/${name}.ndjson`);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Message);
}

function replay(name: string) {
  const messages = recorded(name);
  const tracker = new StepTracker();
  const events = messages.flatMap(({ id, aux }) =>
    id === 'moby.buildkit.trace'
      ? tracker.apply(decodeTrace(Buffer.from(aux ?? '', 'base64')))
      : [],
  );
  const error = messages.find((message) => message.error)?.error ?? null;
  return { events, error, tracker, steps: lastSteps(events) };
}

function lastSteps(events: EngineEvent[]): EngineStep[] {
  const steps = new Map<string, EngineStep>();
  for (const event of events) {
    if (event.kind === 'step') steps.set(event.step.key, event.step);
  }
  return [...steps.values()];
}

function output(events: EngineEvent[], stream: 'stdout' | 'stderr') {
  const bytes = events.flatMap((event) =>
    event.kind === 'output' && event.stream === stream ? [event.bytes] : [],
  );
  return Buffer.concat(bytes).toString('utf8');
}

const brief = (steps: EngineStep[]) =>
  steps.map(({ stage, name, state, cached }) => [
    stage,
    name.replace(/@sha256:\w+/, ''),
    cached ? `${state}, cached` : state,
  ]);

const BASE = 'rrr.example.com/base/debian-python:bookworm';

describe('StepTracker on recorded builds', () => {
  it('names stages and steps, and puts output on its stream', () => {
    const { events, steps } = replay('two-stages');
    expect(brief(steps)).toEqual([
      ['', 'load remote build context', 'done'],
      ['', 'copy /context /', 'done'],
      ['', `load metadata for ${BASE}`, 'done'],
      ['tools', `FROM ${BASE}`, 'done, cached'],
      ['tools', 'RUN echo tools > /t', 'done'],
      ['', 'COPY --from=tools /t /t', 'done'],
      [
        '',
        "RUN printf 'out 1\\nout 2\\n'; printf 'grün 😀\\n'; echo warn >&2",
        'done',
      ],
      ['', 'exporting to image', 'done'],
    ]);
    expect(output(events, 'stdout')).toBe('out 1\nout 2\ngrün 😀\n');
    expect(output(events, 'stderr')).toBe('warn\n');
    for (const step of steps) {
      expect(step.startedAt).toBeGreaterThan(1.7e12);
      expect(step.completedAt).toBeGreaterThanOrEqual(step.startedAt ?? 0);
    }
    const copy = steps.find(({ name }) => name.startsWith('COPY'));
    const made = steps.find(({ name }) => name.startsWith('RUN echo tools'));
    expect(copy?.parents).toContain(made?.key);
  });

  it('names a step before its output and ends it after', () => {
    const { events } = replay('two-stages');
    const states = new Map<string, string>();
    for (const event of events) {
      if (event.kind === 'step') states.set(event.step.key, event.step.state);
      if (event.kind === 'output') {
        expect(states.get(event.step)).toBe('running');
      }
    }
  });

  it('marks what came out of the cache', () => {
    const { steps } = replay('everything-cached');
    const run = steps.filter(({ name }) => /^(RUN|COPY)/.test(name));
    expect(run).toHaveLength(3);
    expect(run.every(({ cached, state }) => cached && state === 'done')).toBe(
      true,
    );
    const load = steps.find(({ name }) => name.startsWith('load metadata'));
    expect(load?.cached).toBe(false);
  });

  it('tells the step that failed from the one that was stopped with it', () => {
    const { error, steps, tracker } = replay('failed-beside-another-stage');
    const failed = steps.find(({ state }) => state === 'failed');
    expect(failed).toMatchObject({
      name: 'RUN sleep 1; echo about to fail; exit 3',
      exitCode: 3,
    });
    expect(
      steps.find(({ name }) => name.includes('slow begins')),
    ).toMatchObject({ state: 'cancelled', exitCode: null });
    expect(tracker.culprit(error ?? '')).toEqual(failed);
  });

  it.each([
    [
      'base-not-found',
      'BUILD_BASE_NOT_FOUND',
      'load metadata for rrr.example.com/base/nope:1',
    ],
    [
      'base-denied',
      'BUILD_BASE_DENIED',
      'load metadata for rrrrrr.example.com/base/debian-python:bookworm',
    ],
    ['dockerfile-invalid', 'BUILD_DOCKERFILE_INVALID', undefined],
    ['file-missing', 'BUILD_DOCKERFILE_INVALID', undefined],
    [
      'failed-beside-another-stage',
      'BUILD_COMMAND_FAILED',
      'RUN sleep 1; echo about to fail; exit 3',
    ],
  ])('%s ends as %s', (name, code, stepName) => {
    const { error, tracker } = replay(name);
    const step = tracker.culprit(error ?? '');
    const failure = classifyBuildFailure({
      text: error ?? '',
      step,
      lastLines: [],
    });
    expect(failure.code).toBe(code);
    if (stepName !== undefined) expect(step?.name).toBe(stepName);
  });
});

const vertex = (changes: Partial<Trace['vertexes'][number]>) => ({
  digest: 'sha256:a',
  inputs: [],
  name: '[1/2] RUN make',
  cached: false,
  started: null,
  completed: null,
  error: '',
  ...changes,
});
const log = (text: string) => ({
  vertex: 'sha256:a',
  timestamp: 1,
  stream: 1,
  msg: Buffer.from(text),
});
const status = (changes: Partial<Trace['statuses'][number]>) => ({
  id: 'layer',
  vertex: 'sha256:a',
  name: '',
  current: 1,
  total: 10,
  timestamp: 0,
  completed: null,
  ...changes,
});
const trace = (changes: Partial<Trace>): Trace => ({
  vertexes: [],
  statuses: [],
  logs: [],
  warnings: [],
  ...changes,
});

describe('StepTracker', () => {
  it('says nothing twice', () => {
    const tracker = new StepTracker();
    const message = trace({ vertexes: [vertex({ started: 1 })] });
    expect(tracker.apply(message)).toHaveLength(1);
    expect(tracker.apply(message)).toEqual([]);
  });

  it('keeps `cached`, the first start and a failure when a vertex arrives again without them', () => {
    const tracker = new StepTracker();
    tracker.apply(
      trace({ vertexes: [vertex({ cached: true, started: 1, completed: 2 })] }),
    );
    const [again] = tracker.apply(
      trace({ vertexes: [vertex({ started: 3, completed: 4 })] }),
    );
    expect(again).toMatchObject({
      step: { cached: true, startedAt: 1, completedAt: 4, state: 'done' },
    });
    tracker.apply(trace({ vertexes: [vertex({ started: 1, error: 'x' })] }));
    expect(
      tracker.apply(trace({ vertexes: [vertex({ started: 1 })] })),
    ).toEqual([]);
  });

  it.each([
    'executor failed running [/bin/sh -c ca=/dev/x && exit 7]: exit code: 7',
    'process "/bin/sh -c ca=/dev/x && exit 7" did not complete successfully: exit code: 7',
  ])('says the exit code instead of repeating the command: %s', (error) => {
    const tracker = new StepTracker();
    const other = { digest: 'sha256:b', error: 'another' };
    const [, failed] = tracker.apply(
      trace({
        vertexes: [
          vertex({ started: 1, completed: 2, ...other }),
          vertex({ started: 1, completed: 2, error }),
        ],
      }),
    );
    expect(failed).toMatchObject({
      step: { error: 'The command ended with exit code 7.', exitCode: 7 },
    });
    expect(tracker.culprit(`failed to solve: ${error}`)?.key).toBe('sha256:a');
  });

  it.each([
    ['200KiB/s', '…\n[output clipped, log limit 200KiB/s reached]\n'],
    ['2MiB', '[output clipped, log limit 2MiB reached]\n'],
  ])('notices that the engine clips at %s, once', (limit, text) => {
    const tracker = new StepTracker();
    const events = tracker.apply(
      trace({
        vertexes: [vertex({ started: 1 })],
        logs: [log(text), log(text)],
      }),
    );
    expect(events.filter(({ kind }) => kind === 'clipped')).toEqual([
      {
        kind: 'clipped',
        step: 'sha256:a',
        reason: expect.stringContaining(limit) as string,
      },
    ]);
    expect(output(events, 'stdout')).toBe(text + text);
  });

  it('gives output of a step it was never told of a step', () => {
    const events = new StepTracker().apply(trace({ logs: [log('x\n')] }));
    expect(events.map(({ kind }) => kind)).toEqual(['step', 'output']);
  });

  it('tells progress twice a second, and its end, and never more than all', () => {
    const tracker = new StepTracker();
    const events = tracker.apply(
      trace({
        vertexes: [vertex({ started: 1 })],
        statuses: [
          status({ current: 0 }),
          status({ timestamp: 100 }),
          status({ timestamp: 200, current: 2 }),
          status({ timestamp: 700, current: 5 }),
          status({ timestamp: 750, current: 12, completed: 750 }),
        ],
      }),
    );
    const progress = events.flatMap((event) =>
      event.kind === 'progress' ? [event.current] : [],
    );
    expect(progress).toEqual([1, 5, 10]);
  });
});

describe('readName', () => {
  it.each([
    ['[2/3] RUN make', '', 'RUN make'],
    ['[b 2/2] COPY a b', 'b', 'COPY a b'],
    ['[stage-0  2/12] RUN make', '', 'RUN make'],
    ['[stage  2/12] RUN make', 'stage', 'RUN make'],
    [
      `[2/9] RUN --mount=type=bind,source=a,target=/a     --mount=type=cache,target=/b     ${CA_EXPORTS}     make &&     make install`,
      '',
      'RUN make && make install',
    ],
    ['[internal] load metadata for x', '', 'load metadata for x'],
    ['exporting to image', '', 'exporting to image'],
    [
      '[1/2] RUN --mount=type=cache,target=/c --network=none uv pip\n  install',
      '',
      'RUN uv pip install',
    ],
    ['[1/2] RUN a --mount=b', '', 'RUN a --mount=b'],
    ['', '', ''],
  ])('%j', (raw, stage, name) => {
    expect(readName(raw)).toEqual({ stage, name });
  });
});
