import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  formatSources,
  parseDeb822,
  parseOneLine,
  sourcesFor,
} from './apt-sources.js';

const KEYRING = '/usr/share/keyrings/debian.gpg';

describe('parseOneLine', () => {
  it.each([
    [
      'a plain line',
      'deb http://mirror.example.org/debian bookworm main contrib',
      {
        uri: 'http://mirror.example.org/debian',
        suite: 'bookworm',
        components: ['main', 'contrib'],
        signedBy: undefined,
      },
    ],
    [
      'options in brackets',
      `deb [arch=amd64 signed-by=${KEYRING}] https://mirror.example.org/debian bookworm main # ours`,
      {
        uri: 'https://mirror.example.org/debian',
        suite: 'bookworm',
        components: ['main'],
        signedBy: KEYRING,
      },
    ],
    [
      'a flat archive without components',
      'deb http://mirror.example.org/flat ./',
      {
        uri: 'http://mirror.example.org/flat',
        suite: './',
        components: [],
        signedBy: undefined,
      },
    ],
  ])('reads %s', (_what, line, source) => {
    expect(parseOneLine(line)).toEqual([source]);
  });

  it.each([
    '',
    '# deb http://mirror.example.org/debian bookworm main',
    'deb-src http://mirror.example.org/debian bookworm main',
  ])('leaves out %j', (line) => {
    expect(parseOneLine(line)).toEqual([]);
  });
});

describe('parseDeb822', () => {
  it('gives one source for each address and suite of a paragraph', () => {
    const text = `Types: deb deb-src
# a comment between the fields
URIs: http://one.example.org/debian http://two.example.org/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: ${KEYRING}
`;
    expect(
      parseDeb822(text).map(({ uri, suite }) => `${uri} ${suite}`),
    ).toEqual([
      'http://one.example.org/debian bookworm',
      'http://one.example.org/debian bookworm-updates',
      'http://two.example.org/debian bookworm',
      'http://two.example.org/debian bookworm-updates',
    ]);
    expect(parseDeb822(text)[0]).toMatchObject({
      components: ['main'],
      signedBy: KEYRING,
    });
  });

  it('reads paragraphs apart and skips the disabled and the source-only ones', () => {
    const text = `Types: deb
URIs: http://a.example.org
Suites: bookworm
Components: main

Enabled: no
Types: deb
URIs: http://b.example.org
Suites: bookworm
Components: main

Types: deb-src
URIs: http://c.example.org
Suites: bookworm
Components: main`;
    expect(parseDeb822(text).map(({ uri }) => uri)).toEqual([
      'http://a.example.org',
    ]);
  });

  it('does not take a key written into the file for the name of a keyring', () => {
    const text = `Types: deb
URIs: http://a.example.org
Suites: bookworm
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
 -----END PGP PUBLIC KEY BLOCK-----`;
    expect(parseDeb822(text)[0]?.signedBy).toBeUndefined();
  });
});

describe('sourcesFor', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'imageyard-apt-'));
    mkdirSync(path.join(folder, 'sources.list.d'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('puts the release first, keeps its updates and security, and leaves other archives out', () => {
    writeFileSync(
      path.join(folder, 'mirrors.list'),
      'https://mirror.example.org/debian\n',
    );
    writeFileSync(
      path.join(folder, 'sources.list'),
      'deb http://packages.example.com/tool stable main\ndeb http://mirror.example.org/security bookworm-security main\n',
    );
    writeFileSync(
      path.join(folder, 'sources.list.d/debian.sources'),
      `Types: deb\nURIs: mirror+file://${folder}/mirrors.list\nSuites: bookworm\nComponents: main\n`,
    );
    expect(
      sourcesFor('bookworm', folder).map(({ uri, suite }) => [suite, uri]),
    ).toEqual([
      ['bookworm', 'https://mirror.example.org/debian'],
      ['bookworm-security', 'http://mirror.example.org/security'],
    ]);
  });

  it('is empty where the release has no source', () => {
    expect(sourcesFor('bookworm', folder)).toEqual([]);
  });
});

describe('formatSources', () => {
  const source = {
    uri: 'http://mirror.example.org/debian',
    suite: 'bookworm',
    components: ['main'],
    signedBy: KEYRING,
  };

  it('names a keyring that the image has', () => {
    expect(formatSources([source], () => true)).toBe(
      `deb [signed-by=${KEYRING}] http://mirror.example.org/debian bookworm main\n`,
    );
  });

  it('leaves a keyring out that the image lacks', () => {
    expect(formatSources([source], () => false)).toBe(
      'deb http://mirror.example.org/debian bookworm main\n',
    );
  });
});
