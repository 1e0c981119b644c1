import { describe, expect, it } from 'vitest';
import { basePlatformFault } from '@/lib/imagespec/base-platforms';
import { parseImageSpec } from '@/lib/imagespec/schema';

const on = (platform: string | undefined, basePlatform?: string) =>
  basePlatformFault({
    ...parseImageSpec({ name: 'etl', ...(platform ? { platform } : {}) }),
    base_image: parseImageSpec({
      name: 'etl-base',
      ...(basePlatform ? { platform: basePlatform } : {}),
    }),
  });

describe('the platforms of a base', () => {
  it('are named when one is missing', () => {
    expect(on('linux/amd64,linux/arm64')).toBe(
      'The base etl-base is only for linux/amd64, not for linux/arm64.',
    );
    expect(on(undefined, 'linux/arm64')).toContain('not for linux/amd64');
  });

  it.each([
    [undefined, undefined],
    ['linux/arm64', 'linux/amd64,linux/arm64'],
    ['linux/arm64,linux/amd64', 'linux/amd64,linux/arm64'],
  ])('do for %s on %s', (own, base) => {
    expect(on(own, base)).toBeNull();
  });

  it('are nobody’s concern where it is an image', () => {
    const spec = parseImageSpec({ name: 'etl', platform: 'linux/arm64' });
    expect(basePlatformFault({ ...spec, base_image: 'debian:12' })).toBeNull();
  });
});
