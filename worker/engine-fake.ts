import { createHash } from 'node:crypto';
import type {
  BuildEngine,
  BuildInput,
  EngineEvent,
  EngineStep,
  OpenImage,
} from '@/lib/build/engine';
import { classifyBuildFailure, classifyPushFailure } from '@/lib/build/failure';
import { pause } from '@/worker/time-limit';

/**
 * An engine that builds nothing, for tests and `npm run dev`. Each command of the spec is a step; markers in it steer
 * what happens, in their order, and every other command prints itself:
 *
 * | marker                  | effect                                                        |
 * | ----------------------- | ------------------------------------------------------------- |
 * | `# fake: print 100`     | prints `line 1` … `line 100`                                  |
 * | `# fake: say hello`     | prints `hello`                                                |
 * | `# fake: err hello`     | prints `hello` on stderr                                      |
 * | `# fake: sleep 3`       | is silent for three seconds                                   |
 * | `# fake: clip`          | says that the engine drops the rest of the step's output      |
 * | `# fake: exit 1`        | fails the step with this exit code                            |
 * | `# fake: break`         | the engine itself breaks                                      |
 * | `# fake: push denied`   | the registry refuses the push                                 |
 * | `# fake: push sleep 3`  | the push takes three seconds                                  |
 *
 * It reports itself as `test`, so the server never publishes what it "pushes".
 */
export function fakeEngine(): BuildEngine {
  return {
    probe: () =>
      Promise.resolve({
        state: 'ready',
        kind: 'test',
        version: 'test engine',
        apiVersion: '0',
        platforms: ['linux/amd64', 'linux/arm64'],
        addsCaCertificates: false,
      }),
    examine: () =>
      Promise.resolve([
        {
          check: 'engine',
          subject: '',
          state: 'good',
          code: 'ready',
          facts: { version: 'The test engine' },
        },
      ]),
    build: async (input, emit, signal) => {
      const commands = input.job.spec.commands ?? [];
      for (const [index, command] of commands.entries()) {
        const exitCode = await runStep(index, command, emit, signal);
        if (exitCode === 0) continue;
        const step = { key: `fake-${index}`, name: command, exitCode };
        return {
          ok: false,
          failure: classifyBuildFailure({
            text: `exit code: ${exitCode}`,
            step,
            lastLines: [],
          }),
        };
      }
      return {
        ok: true,
        imageId: digestOf(input, 'image'),
        platform: input.job.platform,
      };
    },
    push: async (input, emit, signal) => {
      const { host } = input.job.target;
      const step = newStep('push', `push to ${host}`, []);
      emit({ kind: 'step', step });
      for (const marker of markers(input.job.spec.commands ?? [])) {
        const [word, how, seconds] = marker;
        if (word !== 'push') continue;
        if (how === 'sleep') await sleep(Number(seconds), signal);
        if (how === 'denied') {
          const error = 'denied: requested access to the resource is denied';
          emit({ kind: 'step', step: ended(step, 'failed', error, null) });
          return {
            ok: false,
            failure: classifyPushFailure(error, host, 'push'),
          };
        }
      }
      emit({ kind: 'step', step: ended(step, 'done', null, null) });
      return { ok: true, digest: digestOf(input, 'manifest'), sizeBytes: null };
    },
    open: () => Promise.resolve(fakeImage()),
    discard: () => Promise.resolve(),
  };
}

/** An image of one installed package. */
function fakeImage(): OpenImage {
  const place = '/var/lib/dpkg/status';
  const head = Buffer.from('Package: fake\nVersion: 1.0\n');
  return {
    env: new Map(),
    stat: () => Promise.resolve(null),
    read: async function* (path) {
      await Promise.resolve();
      if (path === place) yield { file: '', head };
    },
    close: () => Promise.resolve(),
  };
}

async function runStep(
  index: number,
  command: string,
  emit: (event: EngineEvent) => void,
  signal: AbortSignal,
): Promise<number> {
  const step = newStep(
    `fake-${index}`,
    command,
    index === 0 ? [] : [`fake-${index - 1}`],
  );
  emit({ kind: 'step', step });
  const print = (text: string, stream: 'stdout' | 'stderr' = 'stdout') =>
    emit({
      kind: 'output',
      step: step.key,
      stream,
      bytes: Buffer.from(`${text}\n`),
      at: Date.now(),
    });
  const steered = markers([command]);
  if (steered.length === 0) print(command);
  for (const [word, ...rest] of steered) {
    const text = rest.join(' ');
    if (word === 'print') {
      for (let n = 1; n <= Number(text); n += 1) print(`line ${n}`);
    }
    if (word === 'say') print(text);
    if (word === 'err') print(text, 'stderr');
    if (word === 'sleep') await sleep(Number(text), signal);
    if (word === 'clip') {
      emit({
        kind: 'clipped',
        step: step.key,
        reason: 'The test engine clips.',
      });
    }
    if (word === 'break') throw new Error('The test engine broke.');
    if (word === 'exit' && Number(text) !== 0) {
      const code = Number(text);
      emit({
        kind: 'step',
        step: ended(step, 'failed', `exit code: ${code}`, code),
      });
      return code;
    }
  }
  emit({ kind: 'step', step: ended(step, 'done', null, null) });
  return 0;
}

/** The markers of some commands, as words: `# fake: sleep 3` is `['sleep', '3']`. */
function markers(commands: readonly string[]): string[][] {
  return commands.flatMap((command) =>
    [...command.matchAll(/# fake: ([^\n#]+)/g)].map((match) =>
      (match[1] ?? '').trim().split(' '),
    ),
  );
}

async function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  await pause(seconds * 1000, signal);
  if (signal.aborted) throw new Error('aborted');
}

function newStep(key: string, name: string, parents: string[]): EngineStep {
  return {
    key,
    parents,
    stage: '',
    name,
    state: 'running',
    cached: false,
    startedAt: Date.now(),
    completedAt: null,
    error: null,
    exitCode: null,
  };
}

function ended(
  step: EngineStep,
  state: 'done' | 'failed',
  error: string | null,
  exitCode: number | null,
): EngineStep {
  return { ...step, state, completedAt: Date.now(), error, exitCode };
}

function digestOf({ dockerfile }: BuildInput, what: string): string {
  return `sha256:${createHash('sha256').update(`${what} ${dockerfile}`).digest('hex')}`;
}
