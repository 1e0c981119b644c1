import { DEFAULT_PLATFORM } from '@/lib/imagespec/defaults';
import type { ImageSpec } from '@/lib/imagespec/schema';
import { listPlatforms } from '@/lib/registry/platform';

/**
 * Why the base of a spec, when that is a spec, does not do for every platform of it; `null` when it does. A part for a platform
 * needs its base built for that platform.
 */
export function basePlatformFault(spec: ImageSpec): string | null {
  const { base_image: base } = spec;
  if (typeof base !== 'object') return null;
  const has = platformsOf(base);
  const missing = platformsOf(spec).filter((one) => !has.includes(one));
  return missing.length === 0
    ? null
    : `The base ${base.name} is only for ${has.join(' and ')}, not for ${missing.join(' and ')}.`;
}

function platformsOf({ platform }: Pick<ImageSpec, 'platform'>): string[] {
  return listPlatforms(platform ?? DEFAULT_PLATFORM);
}
