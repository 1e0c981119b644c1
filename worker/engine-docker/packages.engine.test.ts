import { afterAll, expect, it } from 'vitest';
import type { ImagePackages, PackageKind } from '@/lib/build/packages';
import { specBuilder } from '@/worker/testing/built-specs';

const { docker, build, buildDockerfile, base, discard } = specBuilder();

afterAll(discard);

const listed = ({ groups }: ImagePackages, kind: PackageKind, place = '/') =>
  groups
    .filter((group) => group.kind === kind && group.place.startsWith(place))
    .flatMap(({ packages }) => packages.map((each) => each.join(' ')))
    .sort();

it('lists what the image itself says is installed, without starting it', async () => {
  const { run, packages, image } = await build({
    python_exec: '/usr/bin/python3',
    packages: ['six==1.17.0'],
  });
  const found = await packages();
  expect(found.missing).toBeNull();
  const dpkg = await run(
    "dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\\n' | sed -n 's/^installed //p'",
  );
  expect(listed(found, 'dpkg')).toEqual(dpkg.split('\n').sort());
  const python = await run(
    `python -c "
import importlib.metadata as m
for d in m.distributions(path=__import__('glob').glob('/root/.venv/lib/python3*/site-packages')):
    print(d.metadata['Name'], d.version)"`,
  );
  expect(listed(found, 'python', '/root/.venv')).toEqual(
    python.split('\n').sort(),
  );
  expect(listed(found, 'python', '/root/.venv')).toContain('six 1.17.0');
  // What it was read through is gone.
  const containers = await docker.listContainers({ all: true });
  expect(containers.filter(({ Image }) => Image === image)).toEqual([]);
});

it('reads conda environments, and follows no link out of them', async () => {
  const { packages } = await buildDockerfile(
    [
      `FROM ${base}`,
      'ENV PATH=/opt/env/bin:$PATH',
      'RUN mkdir -p /opt/env/conda-meta /opt/env/lib/python3.12/site-packages/x-2.dist-info \\',
      ` && echo '{"name":"python","version":"3.12.1","build":"h0"}' > /opt/env/conda-meta/python.json \\`,
      ' && ln -s /etc/hostname /opt/env/conda-meta/evil.json \\',
      " && printf 'Name: x\\nVersion: 2\\n' > /opt/env/lib/python3.12/site-packages/x-2.dist-info/METADATA",
    ].join('\n'),
  );
  const found = await packages();
  expect(listed(found, 'conda')).toEqual(['python 3.12.1 (h0)']);
  expect(listed(found, 'python', '/opt/env')).toEqual(['x 2']);
});
