import { randomUUID } from 'node:crypto';
import type { Job } from '@/lib/build/protocol';

/** A job with these commands and nothing else of note. */
export function testJob(commands: string[], changes: Partial<Job> = {}): Job {
  return {
    buildId: randomUUID(),
    attempt: 1,
    buildNumber: 1,
    spec: {
      version: 1,
      name: 'etl',
      python_exec: '/usr/bin/python3',
      commands,
    },
    files: {},
    archive: null,
    secrets: [],
    baseImage: null,
    specId: 'an-id',
    imageName: 'registry.example.com/acme/etl:1',
    target: {
      host: 'registry.example.com',
      repository: 'acme/etl',
      tag: '1',
      plainHttp: false,
    },
    platform: 'linux/amd64',
    flytekitVersion: '1.16.24',
    helperImages: { uv: null, micromamba: null },
    noCache: false,
    credentials: [],
    limits: { totalMs: 60_000, idleMs: 60_000, logBytes: 1024 * 1024 },
    ...changes,
  };
}
