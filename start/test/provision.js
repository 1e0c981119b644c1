import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeCertificates } from './certificates.js';
import { missingMountPoints, startEngine } from './engine.js';
import { describeGivenEngine } from './given-engine.js';
import { baseImage, givenBaseImage, uvImage } from './images.js';
import {
  canInstall,
  findProgram,
  installMissing,
  missingPrograms,
} from './machine.js';
import { startMatrix } from './matrix.js';
import { addBridge, planBridge, setForwarding } from './network.js';
import { pushLayout, startRegistries } from './registries.js';
import { mustRestoreForwarding, record } from './test-run.js';

const LOOPBACK = '127.0.0.1';

/**
 * Brings up what the engine and browser tests need: an engine, three registries
 * holding the base and uv images, a browser. Gives back `file`, which describes
 * it all (`IMAGEYARD_TEST_ENV`), or, where nothing may be installed, `missing`:
 * the reason why it could not be had. Rejects when it should have worked. With
 * `hasMatrix` there are the other engines, too.
 */
export async function provision(
  testRun,
  cache,
  log,
  { signal, hasMatrix = false } = {},
) {
  const given = process.env.IMAGEYARD_TEST_ENGINE;
  const missing = await findMissing(given, hasMatrix, log);
  if (missing) return { missing };
  signal?.throwIfAborted();
  const images = Promise.all([
    canInstall() ? baseImage(cache, log) : givenBaseImage(cache, log),
    uvImage(cache, log),
  ]);
  // Awaited at the end; until then a failure must not end the process.
  images.catch(() => {});
  const { registries, certificates, engine, bridge } = given
    ? await takeGivenEngine(testRun, given)
    : await bringUpEngine(testRun);
  log(`three registries and Docker engine ${engine.version} are up`);
  const engines = hasMatrix
    ? await startMatrix(
        testRun,
        cache,
        { bridge, registries, certificates },
        log,
      )
    : undefined;
  const [base, uv] = await images;
  for (const registry of Object.values(registries)) {
    for (const image of [base, uv]) {
      signal?.throwIfAborted();
      await pushLayout(image, registry, certificates);
    }
  }
  const file = path.join(testRun.folder, 'env.json');
  const facts = {
    folder: testRun.folder,
    engine,
    engines,
    registries,
    images: { base: describe(base), uv: describe(uv) },
    caFile: certificates.caFile,
    caBundleFile: certificates.bundleFile,
    machineCaFile: certificates.machineCaFile,
    chromium: process.env.IMAGEYARD_TEST_CHROMIUM ?? findProgram('chromium'),
    skopeo: findProgram('skopeo'),
  };
  writeFileSync(file, JSON.stringify(facts, null, 2), { mode: 0o600 });
  return { file };
}

async function findMissing(given, needsMatrix, log) {
  if (canInstall()) {
    await installMissing(log, { needsEngine: !given, needsMatrix });
    return undefined;
  }
  if (!given)
    return 'Nothing is installed or started here (that needs root on Debian or Ubuntu). IMAGEYARD_TEST_ENGINE=unix:///var/run/docker.sock would use the engine there.';
  const programs = await missingPrograms();
  if (!process.env.IMAGEYARD_TEST_BASE)
    programs.push(
      'IMAGEYARD_TEST_BASE (a Debian image with Python, such as one of your own)',
    );
  return programs.length > 0
    ? `Missing here: ${programs.join(', ')}.`
    : undefined;
}

async function bringUpEngine(testRun) {
  const bridge = await planBridge(testRun.id);
  record(testRun, {
    bridge,
    mountPoints: missingMountPoints(),
    restoreForwarding: mustRestoreForwarding(testRun),
  });
  await addBridge(bridge);
  setForwarding(true);
  const { registries, certificates } = await serveRegistries(
    testRun,
    bridge.address.split('/')[0],
  );
  const engine = await startEngine(testRun, bridge, registries, certificates);
  return { registries, certificates, engine, bridge };
}

async function takeGivenEngine(testRun, host) {
  const { registries, certificates } = await serveRegistries(testRun, LOOPBACK);
  const given = await describeGivenEngine(host, registries);
  record(testRun, { given });
  return {
    registries,
    certificates,
    engine: { host, version: given.version, isPrivate: false },
  };
}

async function serveRegistries(testRun, address) {
  const certificates = await makeCertificates(
    path.join(testRun.folder, 'tls'),
    address,
  );
  return {
    certificates,
    registries: await startRegistries(testRun, certificates, address),
  };
}

function describe({ name, tag, digest }) {
  return { name, tag, digest };
}
