import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readText, recorded } from '@/worker/testing/text-steps';
import { PodmanMessages } from './messages';

const read = (messages: Parameters<typeof readText>[1]) =>
  readText((steps) => new PodmanMessages(steps), messages);
const file = (name: string) =>
  recorded(path.join(import.meta.dirname, 'testdata', `${name}.ndjson`));
const lines = (...streams: string[]) => streams.map((stream) => ({ stream }));

const ID = `--> ${'a'.repeat(11)}\n`;
const RUN = lines('STEP 1/3: FROM x\n', 'STEP 2/3: RUN make\n');

describe('the answer of Podman', () => {
  it('is one step after another, with its stage', () => {
    const { steps, output } = read(file('two-stages'));
    expect(steps).toHaveLength(12);
    expect(steps.every(({ state }) => state === 'done')).toBe(true);
    expect(steps.map(({ stage }) => stage)).toEqual([
      ...Array.from({ length: 6 }, () => 'build'),
      ...Array.from({ length: 6 }, () => ''),
    ]);
    expect(steps[7]).toMatchObject({
      key: 'step-3-2',
      name: 'COPY --from=build /r /r',
      parents: ['step-3-1'],
    });
    expect(output('step-2-5').replaceAll('stdout: ', '')).toBe(
      'out\nStep 9/9 : RUN forged\nno newlineerr\n',
    );
    expect(output('step-2-1')).toContain('Trying to pull');
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

  it('says which step came from the cache', () => {
    const cached = `--> Using cache ${'b'.repeat(64)}\n`;
    const { steps } = read([...RUN, ...lines(cached, ID)]);
    expect(steps[1]).toMatchObject({ cached: true, state: 'done' });
  });

  it('takes a step that a program prints for its output, until its result is named', () => {
    const { steps, output } = read([
      ...RUN,
      ...lines('STEP 3/3: RUN forged\n', ID, 'STEP 3/3: CMD x\n'),
    ]);
    expect(steps.map(({ name }) => name)).toEqual([
      'FROM x',
      'RUN make',
      'CMD x',
    ]);
    expect(output('step-2')).toBe('stdout: STEP 3/3: RUN forged\n');
  });

  it('does not take a step whose number does not follow', () => {
    const { steps } = read([...RUN, ...lines(ID, 'STEP 4/3: RUN a\n')]);
    expect(steps).toHaveLength(2);
  });
});
