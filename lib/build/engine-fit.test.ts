import { describe, expect, it } from 'vitest';
import { toDockerfile } from '@/lib/imagespec/dockerfile';
import { ImageSpec } from '@/lib/imagespec/schema';
import { readInstructions } from './dockerfile-instructions';
import { fitToEngine } from './engine-fit';
import type { ENGINE_KINDS } from './protocol';

const engine = (kind: (typeof ENGINE_KINDS)[number], version = '20.10.24') => ({
  kind,
  version,
});
const fit = (text: string, kind: Parameters<typeof engine>[0], v?: string) =>
  fitToEngine(text, engine(kind, v));

const PLAIN = 'FROM scratch\nCOPY a /a\nRUN make\n';
const SECRET =
  'FROM x\nRUN --mount=type=cache,target=/c \\\n  --mount=type=secret,id=secret_0,target=/s,required=true \\\n  make\n';

describe('fitToEngine', () => {
  it.each(['docker', 'docker-classic', 'podman', 'buildkit', 'test'] as const)(
    'leaves what %s can do as it is',
    (kind) => expect(fit(PLAIN, kind)).toBe(PLAIN),
  );

  it.each([
    ['a secret', SECRET, 'docker-classic', '28.0', /pip_secret_mounts/],
    [
      'a here-document',
      'FROM x\nRUN <<EOF\nid\nEOF\n',
      'docker',
      '20.10',
      /here-doc/,
    ],
    [
      'a here-document',
      'FROM x\nRUN <<EOF\nid\nEOF\n',
      'docker-classic',
      '28',
      /here-doc/,
    ],
    ['a link', 'FROM x\nCOPY --link a /a\n', 'podman', '5.4', /--link/],
    [
      'an agent',
      'FROM x\nRUN --mount=type=ssh id\n',
      'docker',
      '28',
      /SSH agent/,
    ],
  ] as const)('refuses %s', (_what, text, kind, version, words) => {
    expect(() => fit(text, kind, version)).toThrow(
      expect.objectContaining({
        code: 'BUILD_ENGINE_UNFIT',
        message: expect.stringMatching(words) as unknown,
      }),
    );
  });

  it('does not take what a command says for what it needs', () => {
    const text =
      'FROM x\nRUN echo --mount=type=secret "<<EOF" && cat <<< EOF\n# RUN <<EOF\n# EOF\n';
    expect(fit(text, 'docker-classic')).toBe(text);
  });

  it('copies what cannot be mounted, and takes it and the caches away again', () => {
    const text = `FROM uv AS uv
FROM x
RUN --mount=type=cache,sharing=shared,target=/c,id=i \\
    --mount=from=uv,source=/uv,target=/usr/bin/uv \\
    --mount=type=bind,source=r.txt,target=r.txt \\
    uv pip install \\
    && tool --mount=type=cache,target=/d on
USER me
`;
    expect(fit(text, 'docker-classic')).toBe(`FROM uv AS uv
FROM x
COPY --from=uv ["/uv","/usr/bin/uv"]
COPY ["r.txt","r.txt"]
RUN ["mkdir","-p","--","/c"]
RUN uv pip install \\
    && tool --mount=type=cache,target=/d on
RUN ["rm","-rf","--","/c","/usr/bin/uv","r.txt"]
USER me
`);
  });

  it('writes mounts for Podman as it takes them', () => {
    const text = `FROM x
WORKDIR /root
RUN --mount=type=cache,sharing=locked,mode=0777,target=/var/cache/apt,id=a \\
    --mount=type=cache,sharing=locked,mode=0777,target=/pkgs,id=m \\
    --mount=type=secret,id=s,target=/s,required=true \\
    --mount=type=bind,source=r.txt,target=r.txt \\
    tool --mount=type=bind,target=r.txt
FROM y
RUN --mount=from=x,source=/uv,target=uv make
`;
    expect(fit(text, 'podman', '4.3.1')).toBe(`FROM x
WORKDIR /root
RUN --mount=type=tmpfs,target=/var/cache/apt \\
    --mount=type=cache,mode=0777,target=/pkgs,id=m \\
    --mount=type=secret,id=s,target=/s,required=true \\
    --mount=type=bind,source=r.txt,target=/root/r.txt \\
    tool --mount=type=bind,target=r.txt
FROM y
RUN --mount=type=bind,from=x,source=/uv,target=/uv make
`);
    expect(fit(text, 'docker')).toBe(text);
  });

  it('makes every spec without secrets one for the classic builder', () => {
    const spec = ImageSpec.parse({
      version: 1,
      name: 'etl',
      packages: ['six'],
      apt_packages: ['git'],
      conda_packages: ['numpy'],
      commands: ['echo --mount=type=bind'],
    });
    const { text } = toDockerfile(spec);
    const made = readInstructions(fit(text, 'docker-classic'));
    expect(made.flatMap(({ flags }) => flags)).not.toContainEqual(
      expect.stringContaining('--mount'),
    );
    const commands = (all: typeof made) =>
      all.filter(({ keyword }) => keyword === 'RUN').map(({ rest }) => rest);
    expect(commands(made)).toEqual(
      expect.arrayContaining(commands(readInstructions(text))),
    );
    const secret = { ...spec, pip_secret_mounts: [['.netrc', '/root/.netrc']] };
    const { text: withSecret } = toDockerfile(ImageSpec.parse(secret));
    expect(() => fit(withSecret, 'docker-classic')).toThrow(
      'pip_secret_mounts',
    );
  });

  it('refuses the certificates of a worker where they cannot be mounted', () => {
    const spec = ImageSpec.parse({ version: 1, name: 'etl' });
    const { text } = toDockerfile(spec, { caCertificates: true });
    expect(() => fit(text, 'docker-classic')).toThrow('IMAGEYARD_BUILD_CA');
    expect(fit(text, 'podman', '4.3.1')).toContain('imageyard-ca/ca.crt');
  });
});

describe('readInstructions', () => {
  it('has every line in exactly one instruction', () => {
    const text =
      '# syntax\n\nFROM x\n\n# why\nRUN a \\\n# inside\n\n  b\nCOPY <<A <<"B" /x\n1\nA\n2\nB\n\nCMD ["x"]\n';
    const found = readInstructions(text);
    expect(found.map((each) => each.text).join('\n')).toBe(text);
    expect(found.map(({ keyword }) => keyword).filter(Boolean)).toEqual([
      'FROM',
      'RUN',
      'COPY',
      'CMD',
    ]);
  });
});
