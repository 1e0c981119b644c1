import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const CHECKOUT = path.join(import.meta.dirname, '..');
const GIVEN = [
  'lib/registry/testdata/reference.json',
  'lib/registry/testdata/challenge.json',
  'lib/imagespec/testdata/imagespec_tags.json',
];
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

describe('npm run vectors', () => {
  it('passes every given vector', () => {
    const folder = newFolder();
    for (const file of GIVEN) {
      copyFileSync(
        path.join(CHECKOUT, file),
        path.join(folder, path.basename(file)),
      );
    }
    expect(run(folder)).toEqual({
      code: 0,
      output:
        'reference.json: 335/335\nchallenge.json: 36/36\nimagespec_tags.json: 84/84\n',
    });
  });

  it('names what differs in an altered file, and fails', () => {
    const folder = newFolder();
    alter(folder, GIVEN[0] ?? '', [
      ['docker.io/library/test_com:latest', 'docker.io/test_com:latest'],
    ]);
    alter(folder, GIVEN[1] ?? '', [
      ['"malformed": true', '"malformed": false'],
    ]);
    alter(folder, GIVEN[2] ?? '', [
      // The tag of `empty` in 1.10.0 only, then its id, its platform and its hashed text.
      ['tNd5j280UYpDevMHifSbfA..', 'tNd5j280UYpDevMHifSbfB..'],
      ['"spec_id": "hDyskOga01V3a93_Q9mZNw"', '"spec_id": "x"'],
      ['"resolved_platform": "linux/amd64"', '"resolved_platform": "x"'],
      ["\"{'name': 'flytekit', 'packages': []", "\"{'name': 'flytekit'"],
    ]);
    const { code, output } = run(folder);
    expect(code).toBe(1);
    expect(output).toContain('reference.json: 334/335\n');
    expect(output).toContain('challenge.json: 35/36\n');
    expect(output).toContain('imagespec_tags.json: 81/84\n');
    expect(output).toContain(
      [
        '  empty, by_version 1.10.0',
        '    expected: tNd5j280UYpDevMHifSbfB..',
        '    got:      tNd5j280UYpDevMHifSbfA..',
        '  empty, by_version 1.10.2',
      ].join('\n'),
    );
    expect(output).toContain(
      '  name_slash, spec_id\n    expected: x\n    got:      hDyskOga01V3a93_Q9mZNw\n',
    );
    expect(output).toContain(
      '  empty, resolved_platform\n    expected: x\n    got:      linux/amd64\n',
    );
    expect(output).toContain('  pkgs_empty, preimage\n');
  });

  it('fails when a spec that has to be refused is not, or the other way round', () => {
    const folder = newFolder();
    alter(folder, GIVEN[2] ?? '', [
      ['"registry": "ghcr.io/foo/"', '"registry": "ghcr.io/foo"'],
      ['"name": "team/app"', '"registry": "team/app:x"'],
    ]);
    const { code, output } = run(folder);
    expect(code).toBe(1);
    expect(output).toMatch(
      /registry_trailing_slash, error\n\s+expected: ValueError: Invalid container registry name.*\n\s+got:\s+tag /,
    );
    expect(output).toMatch(/name_slash, tag\n.*\n\s+got:\s+refused: /);
  });

  it.each([
    ['no vector file', () => undefined, 'holds no reference.json'],
    [
      'a file that is no JSON',
      (folder: string) =>
        writeFileSync(
          path.join(folder, 'imagespec_tags.json'),
          '{"vectors": [',
        ),
      'imagespec_tags.json: cannot be read. ',
    ],
    [
      'a file without vectors',
      (folder: string) =>
        writeFileSync(path.join(folder, 'challenge.json'), '{"vectors": []}'),
      'challenge.json: cannot be read. It holds no list of vectors.',
    ],
  ])('fails on a folder with %s', (_title, fill, message) => {
    const folder = newFolder();
    fill(folder);
    const { code, output } = run(folder);
    expect(code).toBe(1);
    expect(output).toContain(message);
  });

  it('asks for the folder', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [path.join(CHECKOUT, 'start/vectors.js')],
      { encoding: 'utf8' },
    );
    expect(status).toBe(1);
    expect(stderr).toBe(
      'Name the folder of the vector files: npm run --silent vectors -- path/to/vectors\n',
    );
  });
});

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'imageyard-vectors-'));
  folders.push(folder);
  return folder;
}

function alter(
  folder: string,
  file: string,
  changes: readonly (readonly [string, string])[],
): void {
  let text = readFileSync(path.join(CHECKOUT, file), 'utf8');
  for (const [before, after] of changes) {
    if (!text.includes(before)) throw new Error(`${file} lacks ${before}`);
    text = text.replace(before, () => after);
  }
  writeFileSync(path.join(folder, path.basename(file)), text);
}

function run(folder: string): { code: number | null; output: string } {
  // A path relative to where npm was called, as a person would write it.
  const { status, stdout } = spawnSync(
    process.execPath,
    [path.join(CHECKOUT, 'start/vectors.js'), path.basename(folder)],
    {
      encoding: 'utf8',
      cwd: CHECKOUT,
      env: { ...process.env, INIT_CWD: path.dirname(folder) },
    },
  );
  return { code: status, output: stdout };
}
