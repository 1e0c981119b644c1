import { runCommand } from '../node-version.js';

runCommand(async () => {
  const { runTests } = await import('./run-tests.js');
  await runTests(process.argv.slice(2)).catch((error) => {
    console.error(error.message);
    console.log('0 passed, 1 failed, 0 skipped');
    process.exitCode = 1;
  });
});
