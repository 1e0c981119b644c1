import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Every way a secret may stand in bytes: raw, base64 at each of its three offsets, URL- and JSON-escaped. */
function formsOf(secret: string): Buffer[] {
  const bytes = Buffer.from(secret, 'utf8');
  const shifted = [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last characters also depend on what stands around the secret.
    const inner = text.slice(offset === 0 ? 0 : 4, -1);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const texts = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    ...shifted,
  ];
  return [...new Set(texts)].map((text) => Buffer.from(text));
}

/** Whether the bytes hold the secret in any form. */
export function holds(bytes: Uint8Array, secret: string): boolean {
  const buffer = Buffer.from(bytes);
  return formsOf(secret).some((form) => buffer.includes(form));
}

/** Every file below a folder that holds the secret, by its path. What cannot be read any more is passed over. */
export function filesWith(folder: string, secret: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = read(file);
      return bytes !== null && holds(bytes, secret);
    });
}

/** Every process whose arguments or environment hold the secret, by its number. */
export function processesWith(secret: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) =>
      ['cmdline', 'environ'].some((part) => {
        const bytes = read(`/proc/${pid}/${part}`);
        return bytes !== null && holds(bytes, secret);
      }),
    );
}

function read(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}
