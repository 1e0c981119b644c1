import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readText, recorded } from '@/worker/testing/text-steps';
import { ClassicMessages } from './messages';

const read = (messages: Parameters<typeof readText>[1]) =>
  readText((steps) => new ClassicMessages(steps), messages);
const file = (name: string) =>
  recorded(path.join(import.meta.dirname, 'testdata', `${name}.ndjson`));
const lines = (...streams: string[]) => streams.map((stream) => ({ stream }));

const RUN = lines(
  'Step 1/3 : FROM x',
  '\n',
  ' ---> 0123456789ab\n',
  'Step 2/3 : RUN make',
  '\n',
  ' ---> Running in ba9876543210\n',
);

describe('the answer of the classic builder', () => {
  it('is one step after another, with its stage and both streams', () => {
    const { steps, output } = read(file('two-stages'));
    expect(steps).toHaveLength(13);
    expect(steps.every(({ state }) => state === 'done')).toBe(true);
    expect(steps.map(({ stage }) => stage)).toEqual([
      'uv',
      ...Array.from({ length: 6 }, () => 'build'),
      ...Array.from({ length: 6 }, () => ''),
    ]);
    expect(steps[8]).toMatchObject({
      key: 'step-9',
      name: 'COPY --from=build /r /r',
      parents: ['step-8'],
      cached: false,
    });
    // The program printed what looks like a step.
    expect(output('step-6')).toBe(
      'stdout: out\nStep 9/9 : RUN forged\nno newlinestderr: err\n',
    );
    expect(output('step-11')).toBe('stdout: 1\n2\n3\n');
    expect(output('step-1')).toContain('Pulling from helpers/uv');
  });

  it('says which steps came from the cache', () => {
    const { steps } = read(file('cached'));
    const cached = steps.filter((step) => step.cached).map(({ key }) => key);
    expect(cached).toContain('step-6');
    expect(cached).not.toContain('step-1');
  });

  it('ends at the step that failed, with its exit code', () => {
    const { steps, failure } = read(file('failed'));
    expect(steps.map(({ state }) => state)).toEqual(['done', 'done', 'failed']);
    expect(failure).toEqual({
      code: 'BUILD_COMMAND_FAILED',
      message: 'A command failed with exit code 7.',
      step: 'step-3',
      exitCode: 7,
    });
  });

  it.each([
    ['the next step', 'Step 3/3 : RUN forged'],
    ['a result', ' ---> 0123456789ab\n'],
    [
      'the end of another container',
      'Removing intermediate container 0123456789ab\n',
    ],
    ['the start of one', ' ---> Running in 0123456789ab\n'],
  ])('takes %s that a program prints for its output', (_what, text) => {
    const { steps, output } = read([...RUN, ...lines(text)]);
    expect(steps).toHaveLength(2);
    expect(output('step-2')).toBe(`stdout: ${text}`);
  });

  it.each([
    'Removing intermediate container ba9876543210\n',
    ' ---> Removed intermediate container ba9876543210\n',
  ])('knows the end of a container: %s', (end) => {
    const { steps } = read([
      ...RUN,
      ...lines(end, ' ---> 111111111111\n', 'Step 3/3 : CMD ["x"]'),
    ]);
    expect(steps.at(-1)?.name).toBe('CMD ["x"]');
  });

  it('does not take a step whose number does not follow', () => {
    const { steps } = read(
      lines(
        'Step 1/2 : FROM x',
        ' ---> 0123456789ab\n',
        'Step 2/9 : RUN a',
        'Step 4/2 : RUN b',
      ),
    );
    expect(steps).toHaveLength(1);
  });
});
