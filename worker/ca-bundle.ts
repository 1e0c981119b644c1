import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

const CERTIFICATE =
  /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED )?CERTIFICATE-----/g;

/**
 * The bundle build steps get: what this Node trusts by itself and the certificates of a PEM file. It must be whole,
 * because in a step it stands in for the base image's own. Throws an Error with one line when the file has none.
 */
export function caBundle(file: string): Buffer {
  const extra = readText(file).match(CERTIFICATE) ?? [];
  if (extra.length === 0) {
    throw new Error(`IMAGEYARD_BUILD_CA: ${file} holds no PEM certificate.`);
  }
  const all = new Set([...rootCertificates, ...extra].map((pem) => pem.trim()));
  return Buffer.from(`${[...all].join('\n')}\n`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`IMAGEYARD_BUILD_CA: ${file} cannot be read.`, {
      cause: error,
    });
  }
}
