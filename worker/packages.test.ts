import { describe, expect, it } from 'vitest';
import type { OpenImage } from '@/lib/build/engine';
import { type KnownPackages, readPackages } from '@/worker/packages';

/** An image of these files and variables; what is asked for is noted. */
function imageOf(
  files: Record<string, string>,
  env: Record<string, string> = {},
  changedAt: string | null = null,
): OpenImage {
  const paths = Object.keys(files);
  return {
    env: new Map(Object.entries(env)),
    stat: (place) =>
      Promise.resolve(
        paths.some((path) => path.startsWith(`${place}/`))
          ? { changedAt }
          : null,
      ),
    read: async function* (place, wanted) {
      await Promise.resolve();
      for (const path of paths) {
        if (path !== place && !path.startsWith(`${place}/`)) continue;
        const file = path.slice(place.length + 1);
        const folders = file.split('/').slice(0, -1);
        const isEntered = folders.every((_, index) =>
          wanted.folder(folders.slice(0, index + 1).join('/')),
        );
        const size = isEntered ? wanted.file(file) : 0;
        if (size > 0)
          yield {
            file,
            head: Buffer.from(files[path] ?? '').subarray(0, size),
          };
      }
    },
    close: () => Promise.resolve(),
  };
}

const never = new AbortController().signal;
const metadata = (name: string) => `Name: ${name}\nVersion: 1.0\n\n`;

describe('readPackages', () => {
  it('reads the system, and every environment that PATH and its variables name', async () => {
    const image = imageOf(
      {
        '/var/lib/dpkg/status':
          'Package: git\nStatus: install ok installed\nVersion: 2.39\n',
        '/root/.venv/lib/python3.11/site-packages/b-1.0.dist-info/METADATA':
          metadata('b'),
        '/root/.venv/lib/python3.11/site-packages/a-1.0.dist-info/METADATA':
          metadata('a'),
        '/root/.venv/lib/python3.11/site-packages/a/_vendor/c-1.0.dist-info/METADATA':
          metadata('vendored'),
        '/root/.venv/lib/python3.11/site-packages/a/__init__.py': '',
        '/usr/lib/python3/dist-packages/six.egg-info': metadata('six'),
        '/opt/env/conda-meta/python-3.12.json':
          '{"name":"python","version":"3.12.1"}',
        '/opt/env/conda-meta/history': 'x',
        '/elsewhere/lib/python3.11/site-packages/z.dist-info/METADATA':
          metadata('z'),
      },
      {
        PATH: '/root/.venv/bin:/usr/bin:/bin',
        UV_PYTHON: '/opt/env/bin/python',
      },
    );
    expect(await readPackages(image, never)).toEqual({
      version: 1,
      groups: [
        {
          kind: 'dpkg',
          place: '/var/lib/dpkg/status',
          packages: [['git', '2.39']],
        },
        {
          kind: 'python',
          place: '/usr/lib/python3/dist-packages',
          packages: [['six', '1.0']],
        },
        {
          kind: 'python',
          place: '/root/.venv/lib/python3.11/site-packages',
          packages: [
            ['a', '1.0'],
            ['b', '1.0'],
          ],
        },
        {
          kind: 'conda',
          place: '/opt/env/conda-meta',
          packages: [['python', '3.12.1']],
        },
      ],
      missing: null,
    });
  });

  it('reads a folder again only when it changed since, or that cannot be told', async () => {
    const site = '/root/.venv/lib/python3.11/site-packages';
    const known: KnownPackages['folders'] = new Map();
    const namesIn = async (name: string, changedAt: string | null) => {
      const files = {
        [`${site}/${name}-1.0.dist-info/METADATA`]: metadata(name),
      };
      const image = imageOf(files, { PATH: '/root/.venv/bin' }, changedAt);
      const { groups } = await readPackages(image, never, known);
      return groups.flatMap(({ packages }) => packages.map(([is]) => is));
    };
    expect(await namesIn('a', '2026-11-28T04:00:00.1Z')).toEqual(['a']);
    expect(await namesIn('b', '2026-11-28T04:00:00.1Z')).toEqual(['a']);
    expect(await namesIn('c', '2026-11-28T04:00:00.2Z')).toEqual(['c']);
    expect(await namesIn('d', null)).toEqual(['d']);
    expect(await namesIn('e', null)).toEqual(['e']);
  });

  it('remembers nothing of a folder whose reading broke off', async () => {
    const known: KnownPackages['folders'] = new Map();
    const image = imageOf(
      { '/opt/lib/python3.11/site-packages/a': '' },
      { PATH: '/opt/bin' },
      '2026-11-28T04:00:00.1Z',
    );
    const breaking: OpenImage = {
      ...image,
      read: async function* (place) {
        await Promise.resolve();
        if (place.startsWith('/opt/lib')) throw new Error('gone');
        yield* [];
      },
    };
    await readPackages(breaking, never, known);
    expect(known.size).toBe(0);
  });

  it('finds nothing in an empty image', async () => {
    expect(await readPackages(imageOf({}), never)).toEqual({
      version: 1,
      groups: [],
      missing: null,
    });
  });

  it('says what is missing when the engine breaks off, or time is over', async () => {
    const broken = (read: OpenImage['read']): OpenImage => ({
      ...imageOf({}, { PATH: '/opt/bin' }),
      read,
    });
    const breaking = broken(async function* (place) {
      await Promise.resolve();
      if (place === '/var/lib/dpkg/status')
        yield { file: '', head: Buffer.from('Package: a\nVersion: 1\n') };
      else throw new Error('gone');
    });
    expect(await readPackages(breaking, never)).toMatchObject({
      groups: [{ packages: [['a', '1']] }],
      missing: expect.stringMatching(/broke off/) as string,
    });
    const late = broken(() => {
      throw new Error('aborted');
    });
    expect(await readPackages(late, AbortSignal.abort())).toMatchObject({
      missing: expect.stringMatching(/too long/) as string,
    });
  });
});
