import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeCertificates } from './certificates.js';
import { missingMountPoints, startEngine } from './engine.js';
import { baseImage, uvImage } from './images.js';
import { findProgram, installMissing } from './machine.js';
import { addBridge, planBridge, setForwarding } from './network.js';
import { pushLayout, startRegistries } from './registries.js';
import { identify, mustRestoreForwarding, record } from './test-run.js';

/**
 * Brings up what the engine and browser tests need: a private engine, three
 * registries holding the base and uv images, a browser. Gives back the path of
 * the file that describes it all (`IMAGEYARD_TEST_ENV`).
 */
export async function provision(testRun, cache, log) {
  await installMissing(log);
  const images = Promise.all([baseImage(cache, log), uvImage(cache, log)]);
  images.catch(() => {});
  const bridge = await makeBridge(testRun);
  const address = bridge.address.split('/')[0];
  const certificates = await makeCertificates(
    path.join(testRun.folder, 'tls'),
    address,
  );
  const registries = await startRegistries(testRun, certificates, address);
  log('three registries are up');
  const { server, ...engine } = await startEngine(
    testRun,
    bridge,
    registries,
    certificates,
  );
  record(testRun, { engine: identify(server.pid) });
  log(`Docker engine ${engine.version} is up`);
  const [base, uv] = await images;
  for (const registry of Object.values(registries))
    for (const image of [base, uv])
      await pushLayout(image, registry, certificates);
  log('base and uv images are in the registries');
  const file = path.join(testRun.folder, 'env.json');
  writeFileSync(
    file,
    JSON.stringify(
      {
        folder: testRun.folder,
        engine,
        registries,
        images: { base: describe(base), uv: describe(uv) },
        caFile: certificates.caFile,
        caBundleFile: certificates.bundleFile,
        machineCaFile: certificates.machineCaFile,
        chromium: findProgram('chromium'),
        skopeo: findProgram('skopeo'),
      },
      null,
      2,
    ),
    { mode: 0o600 },
  );
  return file;
}

async function makeBridge(testRun) {
  const bridge = await planBridge(testRun.id);
  record(testRun, {
    bridge,
    mountPoints: missingMountPoints(),
    restoreForwarding: mustRestoreForwarding(testRun),
  });
  await addBridge(bridge);
  setForwarding(true);
  return bridge;
}

function describe({ name, tag, digest }) {
  return { name, tag, digest };
}
