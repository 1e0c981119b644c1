// Keeps the test environment up between runs of single tests: `node start/test/up.js`, and `--down` to end it.
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
  listRuns,
  openRun,
  record,
  sweepDeadRuns,
} from './test-run.js';

const cache = path.join(import.meta.dirname, '../../.cache/test');
const pointer = path.join(cache, 'kept');
const log = (text) => console.error(`[set-up] ${text}`);

async function down() {
  const id = existsSync(pointer)
    ? readFileSync(pointer, 'utf8').split('\n')[1]
    : undefined;
  const kept = listRuns().find((testRun) => testRun.id === id);
  rmSync(pointer, { force: true });
  if (kept) await endRun(kept);
  log(kept ? 'the kept environment is gone' : 'no kept environment here');
}

async function up() {
  await sweepDeadRuns(log);
  const testRun = openRun();
  try {
    const file = await provision(testRun, cache, log);
    record(testRun, { owner: testRun.engine });
    mkdirSync(cache, { recursive: true });
    writeFileSync(pointer, `${file}\n${testRun.id}\n`);
    console.log(file);
  } catch (error) {
    await endRun(testRun);
    throw error;
  }
}

await (process.argv.includes('--down') ? down() : up());
