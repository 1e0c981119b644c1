import { startBuildKit } from './buildkitd.js';
import { startEngine } from './engine.js';
import { goProgram } from './go-program.js';
import { findProgram } from './machine.js';
import { startPodman } from './podman.js';

const BUILDKITD = {
  module: 'github.com/moby/buildkit',
  version: 'v0.34.2',
  command: 'buildkitd',
  settings: { 'version.Version': 'v0.34.2' },
};
// A beta of the module that Docker 30 is built from; by itself it names no version.
const DOCKERD = {
  module: 'github.com/moby/moby/v2',
  version: 'v2.0.0-beta.24',
  command: 'dockerd',
  settings: { 'dockerversion.Version': '30.0.0-beta.24' },
};
const NO_GO = 'There is no Go here to build it with.';

/**
 * Brings up the engines that only `npm run test:engines` tests, beside the private Docker engine: each as tests are told
 * of it, or `missing`, the reason why this machine cannot have it.
 */
export async function startMatrix(
  testRun,
  cache,
  { bridge, registries, certificates },
  log,
) {
  // A bridge, and with it all that needs root, is there only beside an engine of the run's own.
  if (!bridge) {
    const missing =
      'It is started only where the tests start an engine of their own.';
    return {
      current: { missing },
      buildkit: { missing },
      podman: { missing },
    };
  }
  const buildkitd = await goProgram(cache, BUILDKITD, log);
  const dockerd = await goProgram(cache, DOCKERD, log);
  const engines = {
    current: dockerd
      ? await startEngine(testRun, bridge, registries, certificates, {
          name: 'docker-current',
          program: dockerd,
        })
      : { missing: NO_GO },
    buildkit: buildkitd
      ? await startBuildKit(testRun, buildkitd, registries, certificates)
      : { missing: NO_GO },
    podman: findProgram('podman')
      ? await startPodman(testRun, registries, certificates)
      : { missing: 'There is no Podman here.' },
  };
  log(
    `beside it: ${Object.entries(engines)
      .map(([name, { missing }]) => (missing ? `no ${name}` : name))
      .join(', ')}`,
  );
  return engines;
}
