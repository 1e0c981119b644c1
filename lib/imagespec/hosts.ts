import { readReference } from '@/lib/registry/reference';
import { DEFAULT_BASE_IMAGE } from './defaults';
import type { ImageSpec } from './schema';

/** The registries that a build of this spec asks: first the one its base is pulled from, then the one it is pushed to. */
export function buildHosts({ base_image, registry }: ImageSpec): string[] {
  const base =
    typeof base_image === 'object'
      ? placeholderIn(base_image.registry)
      : (base_image ?? DEFAULT_BASE_IMAGE);
  const hosts = [base, placeholderIn(registry)].flatMap((reference) => {
    if (reference === null) return [];
    const reading = readReference(reference, 'familiar');
    return reading.ok && reading.domain ? [reading.domain] : [];
  });
  return [...new Set(hosts)];
}

/** Some image of a registry that may end in a namespace. */
function placeholderIn(registry: string | undefined): string | null {
  return registry ? `${registry}/image` : null;
}
