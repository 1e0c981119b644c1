import { runCommand } from './node-version.js';

runCommand(async () => {
  const { runToExit } = await import('./start-error.js');
  const { printOwnerLink } = await import('./owner-link.js');
  await runToExit(() => printOwnerLink('reset-owner'));
});
