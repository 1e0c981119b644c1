import { engineSuite } from '@/worker/testing/engine-suite';
import { localNames, realEngine } from '@/worker/testing/real-engine';

engineSuite('BuildKit in Docker', () => {
  const { docker, engine } = realEngine();
  return {
    engine,
    kind: 'docker',
    leftovers: (job) => localNames(docker, job.buildId),
  };
});
