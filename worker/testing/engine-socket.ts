import net from 'node:net';

/** A socket in front of an engine's own. When it is killed, the engine is gone for whoever came this way. */
export class EngineSocket {
  readonly #open = new Set<net.Socket>();
  readonly #server: net.Server;

  constructor(real: string) {
    this.#server = net.createServer((client) => {
      const engine = net.connect(real);
      for (const socket of [client, engine]) {
        this.#open.add(socket);
        socket.on('close', () => this.#open.delete(socket));
      }
      client.on('error', () => engine.destroy());
      engine.on('error', () => client.destroy());
      client.pipe(engine).pipe(client);
    });
  }

  async listen(socketPath: string): Promise<void> {
    await new Promise<void>((resolve) =>
      this.#server.listen(socketPath, resolve),
    );
  }

  /** Breaks every connection, and takes no more. */
  async kill(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }
}
