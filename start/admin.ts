/** Work on the database for the start commands: one JSON answer on stdout, so that no token is in an argument or a log. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { closeDatabase } from '@/db';
import { env } from '@/lib/env';
import { AppError } from '@/lib/errors';
import { type Rotation, rotateKey } from '@/lib/services/key-rotation';
import {
  checkInstallationKey,
  createSetUpToken,
  ensureTeam,
  hasOwner,
  registerLocalWorker,
} from '@/lib/services/set-up';

type Answer =
  | { hasOwner: boolean; token?: string }
  | { rotation: Rotation }
  | { error: string };

const COMMANDS: Record<string, () => Promise<Answer>> = {
  bootstrap,
  'set-up-link': async () => ({
    hasOwner: false,
    token: await createSetUpToken('owner'),
  }),
  'reset-owner': async () => ({
    hasOwner: true,
    token: await createSetUpToken('reset'),
  }),
  'rotate-key': async () => ({ rotation: await rotateKey() }),
};

async function bootstrap(): Promise<Answer> {
  if (!(await checkInstallationKey())) {
    return {
      error: `The key in ${env().IMAGEYARD_DATA} is not the one this database was made with. Put the right key file back; without it the stored credentials cannot be opened.`,
    };
  }
  await ensureTeam();
  const secretFile = path.join(env().IMAGEYARD_DATA, 'worker/secret');
  await registerLocalWorker({
    name: 'local',
    secret: readFileSync(secretFile, 'utf8').trim(),
  });
  if (await hasOwner()) return { hasOwner: true };
  return { hasOwner: false, token: await createSetUpToken('owner') };
}

async function run(name: string | undefined): Promise<Answer> {
  const command = name === undefined ? undefined : COMMANDS[name];
  if (!command)
    return { error: `admin.ts knows ${Object.keys(COMMANDS).join(', ')}.` };
  try {
    return await command();
  } catch (error) {
    if (error instanceof AppError) return { error: error.message };
    throw error;
  } finally {
    await closeDatabase();
  }
}

process.stdout.write(`${JSON.stringify(await run(process.argv[2]))}\n`);
