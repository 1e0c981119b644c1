import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import type { BuildOptions } from './build-plan';
import { toDockerfile } from './dockerfile';
import { FIELD_ORDER } from './fields';
import { pyRepr } from './python-repr';
import type { ImageSpec } from './schema';
import { construct, toFields } from './tag';

/** Stands for a base that is a spec: what it is asked for counts, not which image it became. */
const BASE = 'base.invalid/spec';

/**
 * SHA-256, lower-case hex, of everything an image is built from: all fields, the files they name or copy, the base that
 * is a spec, and the instructions, which hold what the spec leaves to defaults or team settings (base image, helper
 * images, Python, flytekit version).
 *
 * Two builds with one tag may differ in it; two with one definition hash ran the same instructions, though what package
 * indexes answered may differ. CA certificates and the values of secrets are not part of it, because they leave nothing
 * in the image. Throws as `toDockerfile`, and needs the whole project where that copies.
 */
export function definitionHash(
  spec: ImageSpec,
  {
    treePaths: _,
    baseHash,
    ...options
  }: BuildOptions & {
    /** The definition hash of a base that is a spec; without it, of one that names no files. */
    baseHash?: string;
  },
): string {
  const fields = construct(toFields(spec));
  const { text, files } = toDockerfile(spec, {
    ...options,
    baseImage: BASE,
    caCertificates: false,
  });
  const source = spec.requirements
    ? (options.files?.[spec.requirements] ?? '')
    : '';
  const { base_image: base } = spec;
  return hexOf(
    JSON.stringify([
      'imageyard-definition-1',
      FIELD_ORDER.flatMap((name) => {
        const value = fields[name];
        return value ? [[name, pyRepr(value)]] : [];
      }),
      hexOf(source),
      text,
      [...files].map(([path, file]) =>
        typeof file === 'string'
          ? [path, file]
          : [path, hexOf(file.bytes), file.isExecutable],
      ),
      ...(typeof base === 'object'
        ? [baseHash ?? definitionHash(base, options)]
        : []),
    ]),
  );
}

function hexOf(content: string | Uint8Array): string {
  return bytesToHex(
    sha256(typeof content === 'string' ? utf8ToBytes(content) : content),
  );
}
