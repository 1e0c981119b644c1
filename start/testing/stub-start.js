// A whole start with a tiny app and worker in place of the real ones, so that starting and stopping can be tested alone.
import { fileURLToPath } from 'node:url';
import { runSupervisor } from '../supervise.js';

const stub = (name) => fileURLToPath(new URL(name, import.meta.url));
const small = {
  migrate: () => Promise.resolve(),
  admin: () => Promise.resolve({ hasOwner: false, token: 'stub-token' }),
};

await runSupervisor({
  mode: 'start',
  parts: {
    ...(process.env.STUB_REAL_TABLES ? {} : small),
    prepare: () => Promise.resolve(),
    app: ({ host, port }) => ({
      command: process.execPath,
      args: [stub('stub-app.js'), host, String(port)],
    }),
    worker: ({ secretFile }) => ({
      command: process.execPath,
      args: [stub('stub-worker.js'), secretFile],
    }),
  },
});
