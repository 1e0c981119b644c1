import { spawn } from 'node:child_process';
import path from 'node:path';
import { CHECKOUT, loadEnv } from './config.js';
import { createGuard } from './guard.js';
import { prepare } from './prepare.js';
import { runToExit, StartError } from './start-error.js';

/** Holds the code to the vector files of a folder; packages are installed first when they are missing. */
export function runVectors([folder]) {
  return runToExit(async () => {
    if (folder === undefined) {
      throw new StartError(
        'Name the folder of the vector files: npm run --silent vectors -- path/to/vectors',
      );
    }
    const guard = createGuard();
    try {
      await prepare({
        checkout: CHECKOUT,
        logs: path.join(CHECKOUT, '.cache'),
        guard,
        env: loadEnv(),
      });
    } finally {
      await guard.close();
    }
    const from = process.env.INIT_CWD ?? process.cwd();
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', 'start/check-vectors.ts', path.resolve(from, folder)],
      { cwd: CHECKOUT, stdio: 'inherit' },
    );
    process.exitCode = await new Promise((resolve) =>
      child.on('exit', (code) => resolve(code ?? 1)),
    );
  });
}
