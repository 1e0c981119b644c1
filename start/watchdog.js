// Outlives a supervisor that was killed, and then stops what the supervisor had started. The pipe on stdin is the
// sign: the system closes it when the supervisor ends, however it ends.
import { createInterface } from 'node:readline';
import { rmSync } from 'node:fs';
import { isSameProcess } from './process-identity.js';
import { stopProcess } from './stop-process.js';

let state = { children: [], folders: [] };

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {});

createInterface({ input: process.stdin })
  .on('line', (line) => (state = JSON.parse(line)))
  .on('close', async () => {
    const alive = state.children.filter(isSameProcess);
    await Promise.all(
      alive.map((child) =>
        stopProcess({
          ...child,
          // Nobody waits for a clean end any more; the database recovers from its log either way.
          signals: child.signals.map(([signal, waitMs]) => [
            signal,
            Math.min(waitMs, 3_000),
          ]),
        }),
      ),
    );
    for (const folder of state.folders)
      rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
