import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { toDockerfile } from './dockerfile';
import { parseImageSpec } from './schema';
import { specId } from './tag';
import { goldenSpecs } from './testing/golden-specs';
import { treeOf } from './testing/trees';

const cases = goldenSpecs();

describe('the Dockerfiles in testdata', () => {
  it('cover at least 40 branches', () => {
    expect(cases.length).toBeGreaterThanOrEqual(40);
  });

  it.each(cases)('$name', async ({ folder, spec, options }) => {
    const { text, files, notes } = toDockerfile(spec, options);
    await expect(text).toMatchFileSnapshot(path.join(folder, 'Dockerfile'));
    const context = Object.fromEntries(
      [...files].map(([name, file]) => [
        name,
        typeof file === 'string'
          ? file
          : `${file.isExecutable ? 'program' : 'file'}: ${new TextDecoder().decode(file.bytes)}`,
      ]),
    );
    await expect(
      `${JSON.stringify({ files: context, notes }, null, 2)}\n`,
    ).toMatchFileSnapshot(path.join(folder, 'context.json'));
  });
});

describe('toDockerfile', () => {
  it('gives the same text for the same spec', () => {
    const spec = parseImageSpec({
      env: [
        ['B', '1'],
        ['A', '2'],
      ],
    });
    expect(toDockerfile(spec)).toEqual(toDockerfile(spec));
  });

  it('ends with the id, so that another id runs no step again', () => {
    const spec = parseImageSpec({ packages: ['pandas'] });
    expect(toDockerfile(spec).text).toMatch(
      new RegExp(`\nENV _F_IMG_ID=${specId(spec)}\n$`),
    );
  });

  it('keeps every line under the 64 KiB that Docker 20.10 reads', () => {
    const address = `https://pypi.example.com/${'a'.repeat(2000)}`;
    const spec = parseImageSpec({
      commands: Array<string>(6).fill('é'.repeat(8000)),
      env: Array.from({ length: 20 }, (_, index) => [
        `A${index}`,
        '"'.repeat(8192),
      ]),
      apt_packages: Array<string>(200).fill('a'.repeat(400)),
      conda_packages: Array<string>(90).fill('a'.repeat(500)),
      pip_index: address,
      pip_extra_index_url: Array<string>(45).fill(address),
      pip_extra_args: `--x '${'y z '.repeat(1000)}'`,
      entrypoint: Array<string>(100).fill('\u0001'.repeat(8192)),
      copy: [`${'"'.repeat(1000)}.txt`],
    });
    const { text } = toDockerfile(spec, {
      caCertificates: true,
      treePaths: null,
    });
    const longest = Math.max(
      ...text.split('\n').map((line) => Buffer.byteLength(line)),
    );
    expect(longest).toBeLessThan(65_535);
  });

  it('names no stage of micromamba when the base image’s Python is used', () => {
    const spec = parseImageSpec({ python_exec: '/usr/bin/python3' });
    expect(toDockerfile(spec).text).not.toContain('micromamba');
  });

  it('gives a preview the text of the build, from the paths of the project alone', () => {
    const tree = treeOf({ 'a/b.txt': '1', c: '2', 'src/d.py': '3' });
    const spec = parseImageSpec({
      copy: ['a', 'c'],
      source_root: 'src',
      source_copy_mode: 'ALL',
    });
    const preview = toDockerfile(spec, { treePaths: [...tree.keys()] });
    const build = toDockerfile(spec, { tree });
    expect(preview.text).toBe(build.text);
    expect([...build.files.keys()]).toEqual([
      'requirements_uv.txt',
      'copy/a/b.txt',
      'copy/c',
      'src/d.py',
    ]);
    expect([...preview.files.keys()]).toEqual(['requirements_uv.txt']);
  });
});
