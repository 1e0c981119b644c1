import { describe, expect, it } from 'vitest';
import type { Finding } from '@/lib/build/doctor';
import { withPlatforms } from '@/lib/build/engine-platforms';
import type { EngineReport } from '@/lib/build/protocol';

const ENGINE: EngineReport = {
  state: 'ready',
  kind: 'docker',
  version: '28.0.0',
  apiVersion: '1.45',
  platforms: ['linux/amd64'],
  addsCaCertificates: false,
};
const found = (code: string, subject = 'linux/arm64'): Finding => ({
  check: 'platform',
  state: 'good',
  code,
  subject,
  facts: {},
});

describe('an engine with what it emulates', () => {
  it('builds for that too, and says that it emulates it', () => {
    expect(withPlatforms(ENGINE, [found('emulated')])).toEqual({
      ...ENGINE,
      platforms: ['linux/amd64', 'linux/arm64'],
      emulated: ['linux/arm64'],
    });
  });

  it('says of what it lists itself that it emulates it', () => {
    const lists = { ...ENGINE, platforms: ['linux/amd64', 'linux/arm64'] };
    expect(withPlatforms(lists, [found('emulated')])).toEqual({
      ...lists,
      emulated: ['linux/arm64'],
    });
  });

  it.each([
    [['linux/amd64', 'linux/amd64/v3', 'linux/386'], []],
    [['linux/arm64', 'linux/arm64/v8', 'linux/arm/v7'], []],
    [['linux/arm64', 'linux/amd64/v2'], ['linux/amd64/v2']],
    [
      ['linux/amd64', 'linux/arm64/v8', 'linux/arm/v6'],
      ['linux/arm64', 'linux/arm/v6'],
    ],
    [['linux/riscv64', 'linux/amd64'], ['linux/amd64']],
  ])('of %j emulates %j', (platforms, emulated) => {
    const engine = withPlatforms({ ...ENGINE, platforms }, null);
    expect('emulated' in engine ? engine.emulated : []).toEqual(emulated);
  });

  it('does not emulate what another engine of its worker did', () => {
    const arm = { ...ENGINE, platforms: ['linux/arm64'] };
    expect(withPlatforms(arm, [found('emulated')])).toEqual(arm);
  });

  it('has each platform once, as builds ask for it, and nothing strange', () => {
    const platforms = ['linux/arm/v7', 'linux/arm', 'linux/arm/v6', 'No, such'];
    expect(withPlatforms({ ...ENGINE, platforms }, null)).toMatchObject({
      platforms: ['linux/arm', 'linux/arm/v6'],
    });
  });

  it.each([
    ['nobody has looked', null],
    ['it cannot run it', [found('missing')]],
  ])('is as it reports when %s', (_, findings) => {
    expect(withPlatforms(ENGINE, findings)).toEqual(ENGINE);
  });
});
