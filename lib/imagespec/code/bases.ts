import type { ImageSpec } from '@/lib/imagespec/schema';

/** The spec, the spec that is its base, the base of that, and so on. */
export function withBases(spec: ImageSpec): ImageSpec[] {
  const { base_image: base } = spec;
  return typeof base === 'object' ? [spec, ...withBases(base)] : [spec];
}
