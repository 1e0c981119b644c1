import Docker from 'dockerode';
import { testEnv } from '@/e2e/support/test-env';
import { dockerConnection } from '@/worker/docker-connection';
import { apiEngine } from '@/worker/engine-api';
import { matrixSuite } from '@/worker/testing/engine-matrix';
import { looksInside } from '@/worker/testing/looks-inside';
import { buildsRealSpecs } from '@/worker/testing/real-spec';
import { localNames } from '@/worker/testing/real-engine';

matrixSuite(
  'Docker’s classic builder',
  testEnv().engine,
  ({ host }) => {
    const { options, address } = dockerConnection({
      DOCKER_HOST: host,
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
  },
  (engine) => {
    buildsRealSpecs(engine);
    looksInside(engine, 'seconds');
  },
);
