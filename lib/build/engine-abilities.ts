import type { EngineReport } from '@/lib/build/protocol';

type Ready = Extract<EngineReport, { state: 'ready' }>;

/** Which engine, and of which version: what decides what it can do. */
export type EngineFacts = Pick<Ready, 'kind' | 'version'>;

/** What engines differ in. `docs/engines.md` and the page of a worker say each in words. */
export const ABILITIES = [
  'bindMount',
  'secretMount',
  'cacheMount',
  'lockedCache',
  'sshMount',
  'heredoc',
  'copyLink',
  'copyChmod',
  'stopsCommand',
  'pushProgress',
  'splitOutput',
  'stepTimes',
  'parallelSteps',
  'wholeLog',
] as const;
export type Ability = (typeof ABILITIES)[number];

/** What an engine can do. Facts of the engines as they were measured; the engine tests hold them to it. */
export function canDo(
  { kind, version }: EngineFacts,
  ability: Ability,
): boolean {
  return TABLE[kind][ability](version);
}

type Row = Record<Ability, (version: string) => boolean>;

const always = () => true;
const never = () => false;
/** From this version on, such as 23.0. */
const since =
  (major: number, minor = 0) =>
  (version: string) => {
    const [, own = 0, ownMinor = 0] =
      /(\d+)(?:\.(\d+))?/.exec(version)?.map(Number) ?? [];
    return own > major || (own === major && ownMinor >= minor);
  };

const BUILDKIT: Row = {
  bindMount: always,
  secretMount: always,
  cacheMount: always,
  lockedCache: always,
  // The session of a worker hands out no SSH agent.
  sshMount: never,
  heredoc: always,
  copyLink: always,
  copyChmod: always,
  stopsCommand: always,
  pushProgress: always,
  splitOutput: always,
  stepTimes: always,
  parallelSteps: always,
  // It clips a step's log unless its own environment says otherwise; the doctor tries it.
  wholeLog: never,
};

const TABLE: Record<Ready['kind'], Row> = {
  docker: { ...BUILDKIT, heredoc: since(23), copyLink: since(23) },
  'docker-classic': {
    bindMount: never,
    secretMount: never,
    cacheMount: never,
    lockedCache: never,
    sshMount: never,
    // From 23.0 on it takes a here-document without a word, and runs nothing of it.
    heredoc: never,
    copyLink: never,
    copyChmod: never,
    stopsCommand: always,
    pushProgress: always,
    splitOutput: always,
    stepTimes: never,
    parallelSteps: never,
    wholeLog: always,
  },
  podman: {
    bindMount: always,
    secretMount: always,
    cacheMount: always,
    // Seen in 4.3; newer ones were not tried.
    lockedCache: never,
    sshMount: never,
    heredoc: since(5),
    copyLink: since(5, 8),
    copyChmod: always,
    stopsCommand: never,
    pushProgress: never,
    splitOutput: never,
    stepTimes: never,
    parallelSteps: never,
    wholeLog: always,
  },
  // It says when layers and manifest are pushed, not how much of them.
  buildkit: { ...BUILDKIT, pushProgress: never },
  test: BUILDKIT,
};
