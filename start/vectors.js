import { runCommand } from './node-version.js';

runCommand(() =>
  import('./run-vectors.js').then(({ runVectors }) =>
    runVectors(process.argv.slice(2)),
  ),
);
