// Outlives a test run that was killed, and then takes away what it had made. The pipe on stdin is the sign: the system
// closes it when the run ends, however it ends.
import { endRun, listRuns } from './test-run.js';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {});

process.stdin.resume().on('close', async () => {
  const left = listRuns().find(({ id }) => id === process.argv[2]);
  if (left) await endRun(left);
});
