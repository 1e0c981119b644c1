import { askInstallation } from './installation-command.js';
import { say } from './say.js';

/**
 * Prints a one-time link: `set-up-link` for a first owner, `reset-owner` for an owner who lost the password.
 */
export async function printOwnerLink(name) {
  const { answer, publicUrl } = await askInstallation(name);
  say('This link works once, for 24 hours:');
  say(`  ${publicUrl}/set-up#${answer.token}`);
}
