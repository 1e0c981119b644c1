import { runCommand } from './node-version.js';

runCommand(() =>
  import('./supervise.js').then(({ runSupervisor }) =>
    runSupervisor({
      mode: 'start',
      isOnlyPreparing: process.argv.includes('--prepare'),
    }),
  ),
);
