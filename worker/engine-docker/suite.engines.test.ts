import Docker from 'dockerode';
import { expect, it } from 'vitest';
import { testEnv } from '@/e2e/support/test-env';
import { dockerConnection } from '@/worker/docker-connection';
import { dockerEngine } from '@/worker/engine-docker/engine';
import { readsChangedFiles } from '@/worker/testing/changed-files';
import { matrixSuite } from '@/worker/testing/engine-matrix';
import { looksInside } from '@/worker/testing/looks-inside';
import { localNames } from '@/worker/testing/real-engine';

matrixSuite(
  'BuildKit in a current Docker, with the store of containerd',
  testEnv().engines?.current,
  ({ host }) => {
    const { options, address } = dockerConnection({ DOCKER_HOST: host });
    const docker = new Docker(options);
    return {
      engine: dockerEngine({
        connection: options,
        address,
        addsCaCertificates: false,
      }),
      kind: 'docker',
      leftovers: (job) => localNames(docker, job.buildId),
    };
  },
  (engine, { host }) => {
    readsChangedFiles(engine);
    looksInside(engine, 'seconds');

    it('has its images in the store of containerd', async () => {
      const { options } = dockerConnection({ DOCKER_HOST: host });
      const info: unknown = await new Docker(options).info();
      expect(JSON.stringify(info)).toContain('io.containerd.snapshotter.v1');
    });
  },
);
