import Docker from 'dockerode';
import { testEnv } from '@/e2e/support/test-env';
import { dockerConnection } from '@/worker/docker-connection';
import { apiEngine } from '@/worker/engine-api';
import { engineSuite } from '@/worker/testing/engine-suite';
import { localNames } from '@/worker/testing/real-engine';

engineSuite('Docker’s classic builder', () => {
  const { options, address } = dockerConnection({
    DOCKER_HOST: testEnv().engine.host,
  });
  const docker = new Docker(options);
  return {
    engine: apiEngine({
      connection: options,
      address,
      addsCaCertificates: false,
      wanted: 'docker-classic',
    }),
    kind: 'docker-classic',
    leftovers: (job) => localNames(docker, job.buildId),
  };
});
