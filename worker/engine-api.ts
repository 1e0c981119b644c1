import Docker from 'dockerode';
import type { BuildEngine } from '@/lib/build/engine';
import type { EngineReport } from '@/lib/build/protocol';
import { AppError } from '@/lib/errors';
import { dockerEngine } from '@/worker/engine-docker/engine';
import {
  type ApiKind,
  probeEngine,
  type WantedEngine,
} from '@/worker/engine-docker/probe';
import { classicEngine } from '@/worker/engine-docker-classic/engine';
import { podmanEngine } from '@/worker/engine-podman/engine';
import { examineTextBuilder } from '@/worker/text-build/examine';

export type ApiEngineOptions = {
  connection: Docker.DockerOptions;
  /** How the connection is named to people. */
  address: string;
  addsCaCertificates: boolean;
  wanted: WantedEngine;
};

/**
 * Whatever engine answers at an address by the Engine API. It is looked at anew for each call, because another engine may
 * listen there by then; all of them can discard what one of them built.
 */
export function apiEngine(options: ApiEngineOptions): BuildEngine {
  const docker = new Docker(options.connection);
  const engines = {
    docker: dockerEngine(options),
    'docker-classic': {
      ...classicEngine(docker),
      examine: () => examineTextBuilder(probe),
    },
    podman: {
      ...podmanEngine(docker),
      examine: () => examineTextBuilder(probe),
    },
  } satisfies Record<ApiKind, Omit<BuildEngine, 'probe'>>;
  const probe = (): Promise<EngineReport> => probeEngine(docker, options);
  const engineNow = async () => {
    const report = await probe();
    if (report.state === 'unreachable')
      throw new AppError('ENGINE_UNREACHABLE', report.reason);
    const known = Object.entries(engines).find(
      ([kind]) => kind === report.kind,
    );
    return known?.[1] ?? engines.docker;
  };
  return {
    probe,
    build: async (...args) => (await engineNow()).build(...args),
    push: async (...args) => (await engineNow()).push(...args),
    open: async (...args) => (await engineNow()).open(...args),
    discard: async (image) => (await engineNow()).discard(image),
    examine: async (...args) => (await engineNow()).examine(...args),
  };
}
