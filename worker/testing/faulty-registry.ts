import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** `hang`: no answer, ever. `cut`: the connection is broken. `lose`: done, but the answer is lost. */
export type RegistryFault =
  'hang' | 'cut' | 'lose' | { status: number; code: string; message?: string };

/**
 * A registry that fails on demand: everything goes on to a real one on the same machine, over plain http, but what `fault`
 * picks out by method and path.
 */
export class FaultyRegistry {
  fault: (method: string, path: string) => RegistryFault | null = () => null;
  /** Method and path of what was asked, in order. */
  readonly asked: string[] = [];
  readonly #real: URL;
  readonly #server = http.createServer((request, response) => {
    this.#handle(request, response);
  });

  constructor(real: string) {
    this.#real = new URL(real);
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) =>
      this.#server.listen(0, '127.0.0.1', resolve),
    );
  }

  /** Host and port, as they stand in a reference. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { method = 'GET', url = '/' } = request;
    const [path = ''] = url.split('?');
    this.asked.push(`${method} ${path}`);
    const fault = this.fault(method, path);
    if (fault === 'hang') return;
    if (fault === 'cut') return void request.socket.destroy();
    if (fault !== null && fault !== 'lose') {
      const { code, message = 'on demand' } = fault;
      const error = { code, message };
      response.writeHead(fault.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ errors: [error] }));
      return;
    }
    const onward = http.request(
      {
        hostname: this.#real.hostname,
        port: this.#real.port,
        method,
        path: url,
        // The same Host: a registry writes its own addresses after it.
        headers: request.headers,
      },
      (answer) => {
        if (fault === 'lose') {
          answer.resume();
          answer.on('end', () => request.socket.destroy());
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => request.socket.destroy());
    request.pipe(onward);
  }
}
