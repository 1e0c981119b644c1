import { RegistryError } from './errors';

/** `os/architecture[/variant]` in the words of the OCI image-spec. */
export type Platform = {
  os: string;
  architecture: string;
  variant?: string;
};

const ALIASES: Record<string, readonly [string, string?]> = {
  x86_64: ['amd64'],
  'x86-64': ['amd64'],
  aarch64: ['arm64'],
  armhf: ['arm', 'v7'],
  armel: ['arm', 'v6'],
};

const NO_VARIANT: Record<string, string> = {
  amd64: 'v1',
  arm64: 'v8',
  arm: 'v7',
};

/** Reads `linux/amd64` or `linux/arm/v7`; throws `REFERENCE_INVALID`. */
export function parsePlatform(text: string): Platform {
  if (!/^[a-z0-9]+\/[a-z0-9_-]+(\/[a-z0-9.]+)?$/.test(text)) {
    throw new RegistryError(
      'REFERENCE_INVALID',
      'Write a platform as linux/amd64 or linux/arm64.',
    );
  }
  const [os = '', name = '', variant] = text.split('/');
  return toPlatform(os, name, variant);
}

/** The same platform in one spelling: aliases resolved, a variant that is the default left off. */
export function toPlatform(os: string, name: string, given?: string): Platform {
  const [architecture, implied] = ALIASES[name] ?? [name];
  const variant = given ?? implied;
  return variant === undefined ||
    variant === '' ||
    variant === NO_VARIANT[architecture]
    ? { os, architecture }
    : { os, architecture, variant };
}

/**
 * The platforms of a text that names one or several with commas, as `docker build --platform` takes them: each in its one
 * spelling, each once. Throws as `parsePlatform`.
 *
 * @example listPlatforms('linux/amd64,linux/aarch64') // ['linux/amd64', 'linux/arm64']
 */
export function listPlatforms(text: string): string[] {
  return [
    ...new Set(
      text.split(',').map((one) => formatPlatform(parsePlatform(one.trim()))),
    ),
  ];
}

export function formatPlatform({
  os,
  architecture,
  variant,
}: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join(
    '/',
  );
}

/**
 * How well an image runs on a machine: 0 not at all, higher is closer. A machine runs its own variant and the lower
 * ones (arm v7 runs v6; amd64 v3 runs v1).
 */
export function platformFit(machine: Platform, image: Platform): number {
  if (machine.os !== image.os || machine.architecture !== image.architecture)
    return 0;
  const wanted = machine.variant ?? NO_VARIANT[machine.architecture];
  const offered = image.variant ?? NO_VARIANT[image.architecture];
  if (wanted === offered) return 1000;
  const level = variantLevel(offered);
  return level !== null && level < (variantLevel(wanted) ?? 0) ? level : 0;
}

/** Why what was read is not the image of a platform; `null` when it is. `image` is null of an index. */
export function unfitFor(
  platform: string,
  image: { platform: Platform | null } | null,
): string | null {
  const own = image?.platform;
  if (own && platformFit(parsePlatform(platform), own) > 0) return null;
  const found = own ? formatPlatform(own) : 'an index';
  return `${platform} was asked for, but the image is for ${found}.`;
}

function variantLevel(variant: string | undefined): number | null {
  const match = /^v([0-9]{1,2})$/.exec(variant ?? '');
  return match ? Number(match[1]) : null;
}
