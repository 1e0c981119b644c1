import { runCommand } from './node-version.js';

runCommand(() =>
  import('./run-worker.js').then(({ runWorker }) =>
    runWorker(process.argv.slice(2)),
  ),
);
