// Keeps the test environment up between runs of single tests: `npm run test:env`, with `-- --down` to end it.
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { provision } from './provision.js';
import {
  endRun,
  identify,
  listRuns,
  openRun,
  processesOf,
  record,
  sweepDeadRuns,
} from './test-run.js';

const cache = path.join(import.meta.dirname, '../../.cache/test');
const pointer = path.join(cache, 'kept');
const log = (text) => console.error(`[set-up] ${text}`);

function findKept() {
  if (!existsSync(pointer)) return undefined;
  const id = readFileSync(pointer, 'utf8').split('\n')[1];
  return listRuns().find((testRun) => testRun.id === id);
}

async function down() {
  const kept = findKept();
  rmSync(pointer, { force: true });
  if (kept) await endRun(kept);
  log(kept ? 'the kept environment is gone' : 'no kept environment here');
}

async function up() {
  await sweepDeadRuns(log);
  const kept = findKept();
  if (kept) return console.log(path.join(kept.folder, 'env.json'));
  const testRun = openRun();
  try {
    const { file, missing } = await provision(testRun, cache, log);
    if (missing) throw new Error(missing);
    // Kept as long as one of its servers lives; later runs clear it away after that.
    record(testRun, { owner: identify(processesOf(testRun)[0]) });
    mkdirSync(cache, { recursive: true });
    writeFileSync(pointer, `${file}\n${testRun.id}\n`);
    console.log(file);
  } catch (error) {
    await endRun(testRun);
    throw error;
  }
}

await (process.argv.includes('--down') ? down() : up());
