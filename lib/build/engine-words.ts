import type { Ability, EngineFacts } from '@/lib/build/engine-abilities';
import type { ENGINE_KINDS } from '@/lib/build/protocol';

const NAMES: Record<(typeof ENGINE_KINDS)[number], string> = {
  docker: 'Docker',
  'docker-classic': 'Docker’s classic builder',
  podman: 'Podman',
  buildkit: 'BuildKit',
  test: 'the test engine',
};

/** What an engine is called, with its version: `Docker 20.10.24`. */
export function engineTitle({ kind, version }: EngineFacts): string {
  return kind === 'test' ? NAMES.test : `${NAMES[kind]} ${version}`;
}

/** Each ability as the end of “It can …”, and what follows where an engine cannot. */
export const ABILITY_WORDS: Record<Ability, { can: string; else: string }> = {
  bindMount: {
    can: 'Lend a step files that stay out of the image',
    else: 'They are copied in and removed by the next step, so the layers are larger.',
  },
  secretMount: {
    can: 'Give a step a secret and keep it out of the image',
    else: 'A spec with pip_secret_mounts is not given to it.',
  },
  cacheMount: {
    can: 'Keep downloaded packages between builds',
    else: 'Every build downloads them again.',
  },
  lockedCache: {
    can: 'Let builds wait for each other’s cache',
    else: 'Caches are shared; apt’s is in memory for the step, and downloads again.',
  },
  sshMount: {
    can: 'Lend a step an SSH agent',
    else: 'No spec needs one.',
  },
  heredoc: {
    can: 'Read here-documents in a Dockerfile',
    else: 'No spec makes one.',
  },
  copyLink: {
    can: 'Copy with COPY --link',
    else: 'No spec makes one.',
  },
  copyChmod: {
    can: 'Copy with COPY --chmod',
    else: 'No spec makes one.',
  },
  stopsCommand: {
    can: 'Stop the running command when a build is cancelled',
    else: 'The build is over at once, but its command runs on to its own end on the worker’s machine.',
  },
  pushProgress: {
    can: 'Say how far a push is',
    else: 'Only that it began and ended.',
  },
  splitOutput: {
    can: 'Tell errors from other output',
    else: 'All lines look alike.',
  },
  stepTimes: {
    can: 'Say when each step began and ended',
    else: 'The worker’s own clock takes the times.',
  },
  parallelSteps: {
    can: 'Run independent steps at the same time',
    else: 'One step runs after the other.',
  },
  wholeLog: {
    can: 'Keep every line of a long log',
    else: 'It drops the rest of a very long one unless it is set up otherwise; the doctor says so.',
  },
};
