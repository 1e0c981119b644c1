import { readReference } from '@/lib/registry/reference';
import {
  DEFAULT_BASE_IMAGE,
  DEFAULT_MICROMAMBA_IMAGE,
  DEFAULT_UV_IMAGE,
} from './defaults';
import type { HelperImages } from './helper-images';
import type { ImageSpec } from './schema';

/**
 * The registries that a build of this spec asks: those its base and its helper images are pulled from, then the one it is
 * pushed to. `helpers` are the team's own.
 */
export function buildHosts(spec: ImageSpec, helpers: HelperImages): string[] {
  const { base_image, registry, python_exec } = spec;
  const own = new Map(spec.builder_config ?? []);
  const references = [
    typeof base_image === 'object'
      ? someImageOf(base_image.registry)
      : (base_image ?? DEFAULT_BASE_IMAGE),
    helpers.uv ?? own.get('uv_image') ?? DEFAULT_UV_IMAGE,
    // The base's own Python needs no other.
    python_exec
      ? null
      : (helpers.micromamba ??
        own.get('micromamba_image') ??
        DEFAULT_MICROMAMBA_IMAGE),
    someImageOf(registry),
  ];
  const hosts = references.flatMap((reference) => {
    if (reference === null) return [];
    const reading = readReference(reference, 'familiar');
    return reading.ok && reading.domain ? [reading.domain] : [];
  });
  return [...new Set(hosts)];
}

/** Some image of a registry, which may be written with a namespace. */
function someImageOf(registry: string | undefined): string | null {
  return registry ? `${registry}/image` : null;
}
