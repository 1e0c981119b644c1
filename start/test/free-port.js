import { createServer } from 'node:net';

/**
 * A TCP port of an address of this machine that nobody holds at this moment.
 *
 * @returns {Promise<number>}
 */
export function freePort(address = '127.0.0.1') {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, address, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
