import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import type { BuildOptions } from './build-plan';
import { toDockerfile } from './dockerfile';
import { FIELD_ORDER } from './fields';
import { pyRepr } from './python-repr';
import type { ImageSpec } from './schema';
import { construct, toFields } from './tag';

/**
 * SHA-256, lower-case hex, of everything an image is built from: all fields, the files they name, and the instructions,
 * which hold what the spec leaves to defaults or team settings (base image, helper images, Python, flytekit version).
 *
 * Two builds with one tag may differ in it; two with one definition hash ran the same instructions, though what package
 * indexes answered may differ. CA certificates are not part of it, because they leave nothing in the image.
 * Throws as `toDockerfile`.
 */
export function definitionHash(spec: ImageSpec, options: BuildOptions): string {
  const fields = construct(toFields(spec));
  const { text, files } = toDockerfile(spec, {
    ...options,
    caCertificates: false,
  });
  const source = spec.requirements
    ? (options.files?.[spec.requirements] ?? '')
    : '';
  return hexOf(
    JSON.stringify([
      'imageyard-definition-1',
      FIELD_ORDER.flatMap((name) => {
        const value = fields[name];
        return value ? [[name, pyRepr(value)]] : [];
      }),
      hexOf(source),
      text,
      Object.entries(files),
    ]),
  );
}

function hexOf(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
