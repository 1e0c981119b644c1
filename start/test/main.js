import { runCommand } from '../node-version.js';

runCommand(() =>
  import('./run-tests.js').then(({ runTests }) =>
    runTests(process.argv.slice(2)),
  ),
);
