import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { BuildEngine } from '@/lib/build/engine';
import {
  input,
  jobFor,
  Recording,
  realEngine,
} from '@/worker/testing/real-engine';

const never = new AbortController().signal;

/** A BuildKit reads a file once, and again only when its content changed. */
export function readsChangedFiles(given: () => BuildEngine): void {
  it('reads of a context only what changed since the build before', async () => {
    const { env, base } = realEngine();
    const engine = given();
    const job = jobFor(env.registries.plain);
    const large = Buffer.from(randomUUID().repeat(100_000));
    const build = async (text: string) => {
      const recording = new Recording();
      const file = (bytes: Uint8Array) => ({ bytes, isExecutable: false });
      const outcome = await engine.build(
        input(
          job,
          `FROM ${base}\nCOPY . /all\nRUN cat /all/small && du -b /all/in/large\n`,
          {
            context: new Map([
              ['in/large', file(large)],
              ['small', file(Buffer.from(text))],
            ]),
          },
        ),
        recording.emit,
        never,
      );
      await engine.discard(job);
      expect(outcome).toMatchObject({ ok: true });
      const read = recording.events.flatMap((event) =>
        event.kind === 'progress' && event.what.startsWith('transferring')
          ? [event.current]
          : [],
      );
      return { read: Math.max(...read), printed: recording.output('stdout') };
    };
    const first = await build('first\n');
    expect(first.read).toBeGreaterThan(large.length);
    // As long as before, so only its content tells that it is another.
    const other = await build('other\n');
    expect(other.printed).toContain('other');
    expect(other.printed).toContain(String(large.length));
    expect(other.read).toBeLessThan(10_000);
  });
}
