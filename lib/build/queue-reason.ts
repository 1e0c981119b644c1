import { canDo } from '@/lib/build/engine-abilities';
import type { EngineReport } from '@/lib/build/protocol';

/** What decides whether a worker can take a build. */
export type SeenWorker = {
  name: string;
  engine: EngineReport | null;
  isOnline: boolean;
  isPaused: boolean;
  labels: readonly string[];
  /** Takes only builds that ask for one of its labels. */
  isReserved: boolean;
  slots: number;
  /** How many builds it has in hand. */
  running: number;
};

/** What a build needs of a worker. */
export type Need = {
  platform: string;
  labels: readonly string[];
  mountsSecret: boolean;
};

export type QueuedBuild = Need & {
  /** From 1, in the order in which free workers take builds. */
  position: number;
  /** The build of its base image, while that is not published. */
  waitsFor: { number: number; specName: string } | null;
  /** Its registry, when that takes only so many builds at a time. */
  registry: { name: string; running: number; max: number } | null;
};

type Ready = Extract<EngineReport, { state: 'ready' }>;
const readyEngine = ({ engine }: SeenWorker): Ready | null =>
  engine?.state === 'ready' ? engine : null;

/** Why no worker can build anything, or what is needed, in one sentence; `null` when one can. */
export function explainWorkers(
  workers: readonly SeenWorker[],
  need?: Need,
): string | null {
  if (workers.length === 0) return 'No worker is connected.';
  const online = workers.filter(({ isOnline }) => isOnline);
  if (online.length === 0) return 'No worker is online.';
  const ready = online.filter((worker) => readyEngine(worker) !== null);
  const [first] = online;
  if (ready.length === 0 && first) {
    const reason =
      first.engine?.state === 'unreachable'
        ? first.engine.reason
        : 'it has not said what it can do yet';
    return `The worker ${first.name} is online, but has no container engine: ${reason}`;
  }
  if (need) {
    const unfit = explainNeed(workers, ready, need);
    if (unfit !== null) return unfit;
  }
  const fitting = need ? ready.filter((worker) => fits(worker, need)) : ready;
  if (fitting.every(({ isPaused }) => isPaused))
    return need && fitting.length < ready.length
      ? `Every worker that can build it is paused: ${names(fitting)}.`
      : `Every worker is paused: ${names(fitting)}.`;
  return null;
}

function fits(worker: SeenWorker, need: Need): boolean {
  const { platform, labels } = need;
  return (
    readyEngine(worker)?.platforms.includes(platform) === true &&
    canMount(worker, need) &&
    labels.every((label) => worker.labels.includes(label)) &&
    (!worker.isReserved ||
      labels.some((label) => worker.labels.includes(label)))
  );
}

/** Not every engine can give a step a secret. */
function canMount(worker: SeenWorker, { mountsSecret }: Need): boolean {
  const engine = readyEngine(worker);
  return !mountsSecret || (engine !== null && canDo(engine, 'secretMount'));
}

function explainNeed(
  workers: readonly SeenWorker[],
  ready: readonly SeenWorker[],
  need: Need,
): string | null {
  if (ready.some((worker) => fits(worker, need))) return null;
  const { platform, labels } = need;
  const forPlatform = ready.filter((worker) =>
    readyEngine(worker)?.platforms.includes(platform),
  );
  if (forPlatform.length === 0)
    return `No worker builds for ${platform}: connect one that does, or install emulation where a worker runs.`;
  if (!forPlatform.some((worker) => canMount(worker, need)))
    return `This spec mounts a secret, and no engine of ${names(forPlatform)} can keep one out of the image.`;
  if (labels.length === 0)
    return `Every worker for ${platform} is reserved for builds that ask for its label.`;
  const away = workers.filter(
    (worker) =>
      !ready.includes(worker) &&
      labels.every((label) => worker.labels.includes(label)),
  );
  const wanted = `${labels.length === 1 ? 'the label' : 'the labels'} ${labels.join(', ')}`;
  if (away.length > 0)
    return `No worker with ${wanted} is online and ready: ${names(away)} is not.`;
  return `No worker for ${platform} has ${wanted}.`;
}

const names = (workers: readonly SeenWorker[]) =>
  workers.map(({ name }) => name).join(', ');

/** Why a queued build has not started, in one sentence, and whether anything but waiting is needed. */
export function explainQueued(
  build: QueuedBuild,
  workers: readonly SeenWorker[],
): { reason: string; canStart: boolean } {
  const blocked = explainWorkers(workers, build);
  if (blocked !== null) return { reason: blocked, canStart: false };
  return { reason: waitingFor(build, workers), canStart: true };
}

function waitingFor(
  build: QueuedBuild,
  workers: readonly SeenWorker[],
): string {
  const { waitsFor, registry, position } = build;
  if (waitsFor)
    return `Waits for its base image, build #${waitsFor.number} of ${waitsFor.specName}`;
  if (registry && registry.running >= registry.max)
    return `${registry.name} takes ${registry.max} ${registry.max === 1 ? 'build' : 'builds'} at a time, and ${registry.running === 1 ? 'one runs' : `${registry.running} run`}`;
  // Who of them emulates the platform is no matter: a build is left only to one that has a slot free.
  const able = workers.filter(
    (worker) => worker.isOnline && !worker.isPaused && fits(worker, build),
  );
  const busy = able.reduce((sum, { running }) => sum + running, 0);
  const slots = able.reduce((sum, one) => sum + one.slots, 0);
  if (able.some((worker) => worker.running < worker.slots) && position === 1)
    return 'Starts in a moment';
  const ahead = position > 1 ? `${position - 1} before it in the queue; ` : '';
  return `${ahead}${busy} of ${slots} ${slots === 1 ? 'slot is' : 'slots are'} busy`;
}
