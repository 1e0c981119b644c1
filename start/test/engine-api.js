import http from 'node:http';

/** Asks an engine's API (`unix://…` or `tcp://…`) and gives back the JSON it answers. */
export function askEngine(host, pathname, method = 'GET') {
  const where = host.startsWith('unix://')
    ? { socketPath: host.slice('unix://'.length) }
    : { host: new URL(host).hostname, port: new URL(host).port };
  return new Promise((resolve, reject) => {
    const request = http.request(
      { ...where, path: pathname, method },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        response.on('end', () => {
          if (response.statusCode < 300) resolve(parse(text));
          else
            reject(
              new Error(
                `The engine answered ${response.statusCode} to ${method} ${pathname}.`,
              ),
            );
        });
      },
    );
    request.on('error', reject);
    request.end();
  });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
