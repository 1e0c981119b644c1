import type { ImageSpec } from '@/lib/imagespec/schema';

const SOUNDS_SECRET = /key|secret|token|password|passwd|credential/i;

/**
 * Values of `env` that should have been secrets of the team, by their names, also those of a base that is a spec. They are
 * baked into the image for everybody who has it; a file that is handed around need not spread them further.
 */
export function secretEnvValues({
  env = [],
  base_image: base,
}: ImageSpec): string[] {
  const own = env
    .filter(([name]) => SOUNDS_SECRET.test(name))
    .map(([, value]) => value);
  return typeof base === 'object' ? [...own, ...secretEnvValues(base)] : own;
}
