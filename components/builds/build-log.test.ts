import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { BuildLog } from '@/components/builds/build-log';
import { PAGE_LINES } from '@/components/builds/step-lines';
import { lineOf, stepOf } from '@/components/builds/testing/log-fixtures';
import type { LineView } from '@/lib/build/views';

function liveLog() {
  return new BuildLog({ attempt: 1, steps: [], isLive: true });
}

function textsOf(log: BuildLog, step: string): string[] {
  return Array.from(
    { length: log.countOf(step) },
    (_, index) => log.linesOf(step).line(index)?.text ?? '(not here)',
  );
}

describe('BuildLog', () => {
  it('keeps the lines of each step in order', () => {
    const log = liveLog();
    log.append([lineOf(1, 'a'), lineOf(2, 'b'), lineOf(3, 'a')], 5);
    expect(textsOf(log, 'a')).toEqual(['line 1', 'line 3']);
    expect(textsOf(log, 'b')).toEqual(['line 2']);
    expect(log.position).toBe('1:5');
    expect(log.lineCount).toBe(3);
  });

  it('takes nothing of a batch that leaves a gap', () => {
    const log = liveLog();
    log.append([lineOf(1, 'a')], 1);
    expect(log.append([lineOf(3, 'a')], 3)).toBe(false);
    expect(textsOf(log, 'a')).toEqual(['line 1']);
    expect(log.position).toBe('1:1');
  });

  it('moves on over events without lines, and never back', () => {
    const log = liveLog();
    expect(log.append([], 7)).toBe(true);
    expect(log.append([], 3)).toBe(true);
    expect(log.position).toBe('1:7');
  });

  it('starts over with another attempt', () => {
    const log = liveLog();
    log.setStep(stepOf({ key: 'a' }));
    log.append([lineOf(1, 'a')], 4);
    log.startAttempt(2);
    expect(log.steps).toEqual([]);
    expect(log.countOf('a')).toBe(0);
    expect(log.position).toBe('2:0');
    expect(log.append([lineOf(1, 'a')], 1)).toBe(true);
  });

  it('does not start over when it is told of the attempt it has', () => {
    const log = liveLog();
    log.append([lineOf(1, 'a')], 4);
    log.startAttempt(1);
    expect(log.position).toBe('1:4');
  });

  it('shows only what has come while it is live, and all the server has afterwards', () => {
    const log = liveLog();
    log.setStep(stepOf({ key: 'a', lines: 9 }));
    log.append([lineOf(1, 'a')], 1);
    expect(log.countOf('a')).toBe(1);
    log.finish([stepOf({ key: 'a', lines: 9 })]);
    expect(log.countOf('a')).toBe(9);
  });

  it('sorts steps by position and gives the same array until one changes', () => {
    const log = liveLog();
    log.setSteps([
      stepOf({ key: 'b', position: 1 }),
      stepOf({ key: 'a', position: 0 }),
    ]);
    const { steps } = log;
    expect(steps.map((step) => step.key)).toEqual(['a', 'b']);
    log.append([lineOf(1, 'a')], 1);
    expect(log.steps).toBe(steps);
    log.setStep(stepOf({ key: 'b', position: 1, state: 'running' }));
    expect(log.steps).not.toBe(steps);
  });

  it('keeps the progress of a step while it runs', () => {
    const log = liveLog();
    log.setStep(stepOf({ key: 'a', state: 'running' }));
    log.setProgress({ step: 'a', what: 'layer', current: 1, total: 4 });
    log.setProgress({ step: 'a', what: 'layer', current: 2, total: 4 });
    expect([...log.progressOf('a')]).toEqual([
      ['layer', { current: 2, total: 4 }],
    ]);
    log.setStep(stepOf({ key: 'a', state: 'done' }));
    expect(log.progressOf('a').size).toBe(0);
  });

  it('tells its listeners once for many changes', () => {
    const frames: (() => void)[] = [];
    const log = new BuildLog({
      attempt: 1,
      steps: [],
      isLive: true,
      schedule: (flush) => frames.push(flush),
    });
    const listener = vi.fn();
    const unsubscribe = log.subscribe(listener);
    log.append([lineOf(1, 'a')], 1);
    log.append([lineOf(2, 'a')], 2);
    expect(listener).not.toHaveBeenCalled();
    for (const frame of frames.splice(0)) frame();
    expect(listener).toHaveBeenCalledTimes(1);
    expect(log.version).toBe(1);
    unsubscribe();
    log.append([lineOf(3, 'a')], 3);
    for (const frame of frames.splice(0)) frame();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('lets the longest unused pages go, never the one that grows', () => {
    const log = liveLog();
    const all = Array.from({ length: 101 * PAGE_LINES + 3 }, (_, index) =>
      lineOf(index + 1, 'a'),
    );
    log.append(all, all.length);
    const lines = log.linesOf('a');
    expect(lines.line(0)).toBeUndefined();
    expect(lines.line(all.length - 1)?.n).toBe(all.length);
    expect(log.append([lineOf(all.length + 1, 'a')], all.length + 1)).toBe(
      true,
    );
    expect(lines.line(all.length)?.n).toBe(all.length + 1);
  });

  it('ends in the same log however the stream is cut, repeated and resumed', () => {
    const log = fc
      .array(fc.constantFrom('a', 'b', 'c'), { maxLength: 60 })
      .map((steps) => steps.map((step, index) => lineOf(index + 1, step)));
    // Each connection: how far before the reached position it starts (a reload starts at 0), and how much it sends.
    const connections = fc.array(
      fc.record({
        isReload: fc.boolean(),
        batches: fc.array(fc.nat({ max: 12 }), { maxLength: 6 }),
        isTorn: fc.boolean(),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(log, connections, (lines, attempts) => {
        const store = liveLog();
        for (const { isReload, batches, isTorn } of attempts) {
          let at = isReload ? 0 : Number(store.position.split(':')[1]);
          for (const size of batches) {
            const batch = lines.slice(at, at + size);
            if (isTorn && batch.length > 1 && at === store.lineCount) {
              // The first line is missing: nothing of it may be taken.
              expect(store.append(batch.slice(1), lines.length)).toBe(false);
              break;
            }
            store.append(batch, at + batch.length);
            at += batch.length;
          }
        }
        store.append(lines.slice(store.lineCount), lines.length);
        for (const step of ['a', 'b', 'c'])
          expect(textsOf(store, step)).toEqual(
            lines
              .filter((line: LineView) => line.step === step)
              .map((line) => line.text),
          );
        expect(store.lineCount).toBe(lines.length);
      }),
    );
  });
});
