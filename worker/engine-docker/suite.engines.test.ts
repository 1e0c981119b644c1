import Docker from 'dockerode';
import { testEnv } from '@/e2e/support/test-env';
import { dockerConnection } from '@/worker/docker-connection';
import { dockerEngine } from '@/worker/engine-docker/engine';
import { readsChangedFiles } from '@/worker/testing/changed-files';
import { matrixSuite } from '@/worker/testing/engine-matrix';
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
  readsChangedFiles,
);
