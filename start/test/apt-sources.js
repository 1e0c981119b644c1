import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** @typedef {{ uri: string, suite: string, components: string[], signedBy?: string }} Source */

/**
 * Reads one-line sources: `deb [signed-by=…] URI suite component…`.
 *
 * @returns {Source[]}
 */
export function parseOneLine(text) {
  return text.split('\n').flatMap((line) => {
    const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*(.*)$/.exec(
      line.replace(/#.*/, '').trim(),
    );
    if (!match) return [];
    const [, options = '', uri, suite, components] = match;
    return [
      {
        uri,
        suite,
        components: words(components),
        signedBy: /signed-by=(\S+)/i.exec(options)?.[1],
      },
    ];
  });
}

/**
 * Reads deb822 sources: paragraphs of `Types:`, `URIs:`, `Suites:`, `Components:`.
 *
 * @returns {Source[]}
 */
export function parseDeb822(text) {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .split(/\n\s*\n/)
    .flatMap((paragraph) => {
      const field = (name) =>
        new RegExp(`^${name}:[ \\t]*(.*(?:\\n[ \\t].*)*)`, 'im').exec(
          paragraph,
        )?.[1] ?? '';
      if (!words(field('Types')).includes('deb')) return [];
      if (/^(no|false|0)$/i.test(field('Enabled').trim())) return [];
      const signedBy = words(field('Signed-By'))[0];
      return words(field('URIs')).flatMap((uri) =>
        words(field('Suites')).map((suite) => ({
          uri,
          suite,
          components: words(field('Components')),
          signedBy: signedBy?.startsWith('/') ? signedBy : undefined,
        })),
      );
    });
}

/**
 * The machine's own package sources for one release: the release itself first,
 * then its updates and security suites. Other people's archives are left out.
 *
 * @returns {Source[]}
 */
export function sourcesFor(codename, folder = '/etc/apt') {
  const all = sourceFiles(folder).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return file.endsWith('.sources') ? parseDeb822(text) : parseOneLine(text);
  });
  return [codename, `${codename}-updates`, `${codename}-security`].flatMap(
    (suite) =>
      all
        .filter(
          (source) => source.suite.replace(/\/updates$/, '-security') === suite,
        )
        .map((source) => ({ ...source, uri: resolveMirror(source.uri) }))
        .filter(({ uri, components }) => uri && components.includes('main')),
  );
}

/** Writes sources in the one-line form; keyrings that the image lacks are not named. */
export function formatSources(sources, hasFile = () => true) {
  return sources
    .map(({ uri, suite, components, signedBy }) => {
      const option =
        signedBy && hasFile(signedBy) ? `[signed-by=${signedBy}] ` : '';
      return `deb ${option}${uri} ${suite} ${components.join(' ')}\n`;
    })
    .join('');
}

function sourceFiles(folder) {
  const parts = path.join(folder, 'sources.list.d');
  return [
    path.join(folder, 'sources.list'),
    ...(existsSync(parts)
      ? readdirSync(parts)
          .filter((name) => /\.(list|sources)$/.test(name))
          .sort()
          .map((name) => path.join(parts, name))
      : []),
  ].filter((file) => existsSync(file));
}

function resolveMirror(uri) {
  if (/^https?:/.test(uri)) return uri;
  const file = /^mirror\+file:(?:\/\/)?(\/.*)$/.exec(uri)?.[1];
  if (!file || !existsSync(file)) return undefined;
  return /^https?:\S+/m.exec(readFileSync(file, 'utf8'))?.[0];
}

function words(text) {
  return text.split(/\s+/).filter(Boolean);
}
