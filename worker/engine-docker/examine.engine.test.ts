import { expect, it } from 'vitest';
import { lookAtRegistries } from '@/worker/doctor/registries';
import { realEngine } from '@/worker/testing/real-engine';

const never = new AbortController().signal;
const { engine, env, docker } = realEngine();

it('finds what this engine is, and leaves nothing behind', async () => {
  const { plain, tls } = env.registries;
  const images = async () => (await docker.listImages({ all: true })).length;
  const before = await images();
  const findings = await engine.examine(
    {
      registries: [
        { host: plain.host, plainHttp: true },
        { host: tls.host, plainHttp: false },
        { host: '127.0.0.1:9', plainHttp: false },
        { host: 'nowhere.invalid', plainHttp: false },
      ],
      platforms: ['linux/arm64'],
    },
    never,
  );
  const found = (check: string) =>
    findings
      .filter((finding) => finding.check === check)
      .map(({ subject, code }) => `${subject} ${code}`.trim())
      .sort();
  expect(found('engine')).toEqual(['ready']);
  // The engine of the tests has its limits raised.
  expect(found('log_limit')).toEqual(['raised']);
  expect(found('disk')).toHaveLength(1);
  expect(found('platform')).toHaveLength(2);
  expect(found('platform')[0]).toMatch(/^linux\/amd64 native|^linux\/arm64/);
  expect(found('engine_registry')).toEqual(
    [
      `${plain.host} reached`,
      `${tls.host} reached`,
      '127.0.0.1:9 unreachable',
      'nowhere.invalid unreachable',
    ].sort(),
  );
  expect(await images()).toBe(before);
});

it('sees the registries as this process does', async () => {
  const { plain, tls } = env.registries;
  const findings = await lookAtRegistries(
    [
      { host: plain.host, plainHttp: true },
      { host: tls.host, plainHttp: false },
      { host: '127.0.0.1:9', plainHttp: false },
    ],
    never,
  );
  const codes = Object.fromEntries(
    findings.map(({ subject, code }) => [subject, code]),
  );
  // Its authority is this run's own, and nothing told this process of it.
  expect(codes).toEqual({
    [plain.host]: 'reached',
    [tls.host]: 'tls',
    '127.0.0.1:9': 'unreachable',
  });
});
