import { runCommand } from './node-version.js';

runCommand(async () => {
  const { runToExit } = await import('./start-error.js');
  const { askInstallation } = await import('./installation-command.js');
  const { say } = await import('./say.js');
  await runToExit(async () => {
    say('Sealing every stored secret with a new key …');
    const { answer } = await askInstallation('rotate-key');
    const { isResumed, resealed, unreadable, keyId } = answer.rotation;
    if (isResumed) say('A rotation that was broken off was taken to its end.');
    say(
      `Done: ${resealed} sealed with the key ${keyId}. The key before is erased.`,
    );
    if (unreadable > 0) {
      say(
        `${unreadable} could not be opened before and cannot be now. Store them again.`,
      );
    }
    say('Back up the new key. Everybody signs in again.');
  });
});
