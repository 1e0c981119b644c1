import { describe, expect, it } from 'vitest';
import { CA_BUNDLE_FILE } from './ca-certificates';
import { toDockerfile } from './dockerfile';
import { parseImageSpec } from './schema';
import { readDockerfile } from './testing/dockerfile-reader';

describe('CA certificates', () => {
  const spec = parseImageSpec({
    apt_packages: ['git'],
    commands: ['curl https://example.com'],
    env: [['A', '1']],
  });
  const plain = toDockerfile(spec);
  const withCa = toDockerfile(spec, { caCertificates: true });

  it('are mounted in each step that uses the network, and nowhere else', () => {
    const runs = (text: string) =>
      readDockerfile(text).filter(({ keyword }) => keyword === 'RUN');
    const mounted = runs(withCa.text).filter(({ flags }) =>
      flags.some((flag) => flag.includes('imageyard-ca')),
    );
    expect(mounted.map(({ rest }) => rest.split('; ').at(-1)?.trim())).toEqual(
      runs(plain.text)
        .filter(({ rest }) =>
          /^(?:apt-get|micromamba|uv|curl)/.test(rest.trim()),
        )
        .map(({ rest }) => rest.trim()),
    );
    expect(mounted).toHaveLength(4);
  });

  it('are in no instruction that ends up in the image’s config', () => {
    const rest = readDockerfile(withCa.text)
      .filter(({ keyword }) => keyword !== 'RUN')
      .map((instruction) => JSON.stringify(instruction))
      .join();
    expect(rest).not.toMatch(/imageyard|CA_BUNDLE|SSL_CERT_FILE/);
    expect(readDockerfile(withCa.text)).toHaveLength(
      readDockerfile(plain.text).length,
    );
  });

  it('ask for one file from the worker, and leave the preview alone', () => {
    expect(withCa.files.has(CA_BUNDLE_FILE)).toBe(false);
    expect(withCa.files.get('imageyard-ca/apt.conf')).toContain('/ca.crt');
    const all = plain.text + JSON.stringify([...plain.files]);
    expect(all).not.toContain('-ca/');
  });
});
