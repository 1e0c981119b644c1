import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { testEnv } from '@/e2e/support/test-env';
import { type Access, judgeAccess } from '@/lib/registry/access';
import { gatherAccess, type GatherOptions } from './gather-access';

const run = promisify(execFile);
const env = testEnv();
const { tls, plain, password } = env.registries;
const { base } = env.images;
const ca = readFileSync(env.caFile, 'utf8');
const login = { username: password.username, password: password.password };

/** What skopeo says of the same reference: the digest, or in a word why not. */
async function skopeo(reference: string, more: string[]): Promise<string> {
  try {
    const { stdout } = await run(
      env.skopeo,
      [
        'inspect',
        '--no-tags',
        ...(more.some((flag) => flag.startsWith('--creds'))
          ? []
          : ['--no-creds']),
        '--format',
        '{{.Digest}}',
        ...more,
        `docker://${reference}`,
      ],
      {
        env: {
          ...process.env,
          SSL_CERT_FILE: env.caBundleFile,
        },
      },
    );
    return stdout.trim();
  } catch (error) {
    const text = String((error as { stderr?: string }).stderr);
    if (/unauthorized|authentication required/i.test(text)) return 'denied';
    if (/manifest unknown|name unknown|repository name not known/i.test(text))
      return 'missing';
    return text;
  }
}

async function ours(
  reference: string,
  more: Partial<GatherOptions>,
): Promise<Access> {
  const [host = '', port = ''] = reference.split('/')[0]?.split(':') ?? [];
  const scheme = more.plainHttp ? 'http' : 'https';
  return judgeAccess(
    await gatherAccess({
      reference,
      platform: 'linux/amd64',
      vantage: 'test',
      policy: {
        allow: [
          {
            host,
            port: Number(port),
            scheme,
            cidrs: ['127.0.0.1/32', '172.16.0.0/12'],
          },
        ],
      },
      ca,
      ...more,
    }),
  );
}

const creds = `--creds=${login.username}:${login.password}`;
const as = { identity: 'stored_pull', credential: login } as const;

describe('skopeo and we', () => {
  it.each<
    [string, string, Partial<GatherOptions>, string[], Access['state'], string]
  >([
    [
      'an open registry over TLS',
      `${tls.host}/${base.name}:${base.tag}`,
      {},
      [],
      'public',
      base.digest,
    ],
    [
      'a digest there',
      `${tls.host}/${base.name}@${base.digest}`,
      {},
      [],
      'public',
      base.digest,
    ],
    [
      'an open registry over http',
      `${plain.host}/${base.name}:${base.tag}`,
      { plainHttp: true },
      ['--tls-verify=false'],
      'insecure_http',
      base.digest,
    ],
    [
      'a private image without a login',
      `${password.host}/${base.name}:${base.tag}`,
      {},
      [],
      'private_or_missing',
      'denied',
    ],
    [
      'a private image with the login',
      `${password.host}/${base.name}:${base.tag}`,
      as,
      [creds],
      'pullable',
      base.digest,
    ],
    [
      'a private image with a wrong login',
      `${password.host}/${base.name}:${base.tag}`,
      { identity: 'cluster', credential: { ...login, password: 'wrong' } },
      ['--creds=robot:wrong'],
      'no_access',
      'denied',
    ],
    [
      'a tag that is not there',
      `${tls.host}/${base.name}:nothing`,
      {},
      [],
      'missing_tag',
      'missing',
    ],
    [
      'a repository that is not there',
      `${tls.host}/no/thing:1`,
      {},
      [],
      'missing_repository',
      'missing',
    ],
  ])('agree on %s', async (_, reference, more, flags, state, said) => {
    const access = await ours(reference, more);
    expect(await skopeo(reference, flags)).toBe(said);
    expect(access.state).toBe(state);
    if (said.startsWith('sha256:')) expect(access.digest).toBe(said);
  });
});
