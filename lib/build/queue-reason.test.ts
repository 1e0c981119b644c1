import { describe, expect, it } from 'vitest';
import {
  explainQueued,
  explainWorkers,
  type QueuedBuild,
  type SeenWorker,
} from '@/lib/build/queue-reason';

const worker = (more: Partial<SeenWorker> = {}): SeenWorker => ({
  name: 'w',
  engine: {
    state: 'ready',
    kind: 'docker',
    version: '28',
    apiVersion: '1.45',
    platforms: ['linux/amd64'],
    addsCaCertificates: false,
  },
  isOnline: true,
  isPaused: false,
  labels: [],
  isReserved: false,
  slots: 2,
  running: 0,
  ...more,
});
const classic = worker({
  name: 'old',
  engine: {
    state: 'ready',
    kind: 'docker-classic',
    version: '20.10',
    apiVersion: '1.41',
    platforms: ['linux/amd64'],
    addsCaCertificates: false,
  },
});
const away = worker({
  engine: { state: 'unreachable', reason: 'No container engine listens.' },
});
const build = (more: Partial<QueuedBuild> = {}): QueuedBuild => ({
  platform: 'linux/amd64',
  labels: [],
  mountsSecret: false,
  position: 1,
  waitsFor: null,
  registry: null,
  ...more,
});

describe('why no worker can build', () => {
  it.each<[SeenWorker[], QueuedBuild, string | null]>([
    [[], build(), 'No worker is connected.'],
    [[worker({ isOnline: false })], build(), 'No worker is online.'],
    [
      [away],
      build(),
      'The worker w is online, but has no container engine: No container engine listens.',
    ],
    [
      [worker()],
      build({ platform: 'linux/arm64' }),
      'No worker builds for linux/arm64: connect one that does, or install emulation where a worker runs.',
    ],
    [
      [classic],
      build({ mountsSecret: true }),
      'This spec mounts a secret, and no engine of old can keep one out of the image.',
    ],
    [[classic], build(), null],
    [[classic, worker()], build({ mountsSecret: true }), null],
    [
      [worker()],
      build({ labels: ['gpu'] }),
      'No worker for linux/amd64 has the label gpu.',
    ],
    [
      [worker(), worker({ name: 'big', labels: ['gpu'], isOnline: false })],
      build({ labels: ['gpu'] }),
      'No worker with the label gpu is online and ready: big is not.',
    ],
    [
      [worker({ labels: ['gpu'], isReserved: true })],
      build(),
      'Every worker for linux/amd64 is reserved for builds that ask for its label.',
    ],
    [[worker({ isPaused: true })], build(), 'Every worker is paused: w.'],
    [
      [worker(), worker({ name: 'big', labels: ['gpu'], isPaused: true })],
      build({ labels: ['gpu'] }),
      'Every worker that can build it is paused: big.',
    ],
    [[away, worker()], build(), null],
    [[worker({ labels: ['gpu'] })], build({ labels: ['gpu'] }), null],
  ])('%#', (workers, need, reason) => {
    expect(explainWorkers(workers, need)).toBe(reason);
  });
});

describe('why a build has not started', () => {
  it.each<[SeenWorker[], Partial<QueuedBuild>, string]>([
    [
      [worker()],
      { waitsFor: { number: 4, specName: 'base' } },
      'Waits for its base image, build #4 of base',
    ],
    [
      [worker()],
      { registry: { name: 'hub', running: 2, max: 2 } },
      'hub takes 2 builds at a time, and 2 run',
    ],
    [
      [worker()],
      { registry: { name: 'hub', running: 1, max: 2 } },
      'Starts in a moment',
    ],
    [[worker({ running: 2 })], {}, '2 of 2 slots are busy'],
    [
      [worker({ running: 1, slots: 1 })],
      { position: 3 },
      '2 before it in the queue; 1 of 1 slot is busy',
    ],
  ])('%#', (workers, more, reason) => {
    expect(explainQueued(build(more), workers)).toEqual({
      reason,
      canStart: true,
    });
  });
});
