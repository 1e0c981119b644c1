import { readRelease, type Release } from '@/lib/imagespec/releases/release';
import type { PyValue } from '@/lib/imagespec/python-value';
import { entriesOf, get, items, readOrderedJson, textOf } from './ordered-json';

export type Vector = {
  id: string;
  kwargs: PyValue;
  specId: string | undefined;
  tag: string | undefined;
  imageName: string | undefined;
  resolvedPlatform: string | undefined;
  preimage: string | undefined;
  error: string | undefined;
  /** What each tested release gives, `undefined` where it was not run. */
  byRelease: Map<Release, { tag?: string; error?: string } | undefined>;
};

export type VectorFile = {
  vectors: Vector[];
  /** The files that specs name, by their path below the working folder. */
  files: ReadonlyMap<string, Uint8Array>;
};

/** An `imagespec_tags.json`, by its own conventions. Throws for anything else. */
export function readVectorFile(text: string): VectorFile {
  const root = readOrderedJson(text);
  const tested = textOf(get(get(root, 'conventions'), 'by_version'));
  const releases = testedReleases(tested ?? '');
  const vectors = items(get(root, 'vectors')).map((vector) => ({
    id: textOf(get(vector, 'id')) ?? '(no id)',
    kwargs: get(vector, 'kwargs') ?? { type: 'none' as const },
    specId: textOf(get(vector, 'spec_id')),
    tag: textOf(get(vector, 'tag')),
    imageName: textOf(get(vector, 'image_name')),
    resolvedPlatform: textOf(get(vector, 'resolved_platform')),
    preimage: textOf(get(vector, 'preimage')),
    error: textOf(get(vector, 'error')),
    byRelease: byRelease(items(get(vector, 'by_version')), releases),
  }));
  if (vectors.length === 0) throw new Error('It holds no list of vectors.');
  return { vectors, files: filesOf(get(root, 'files')) };
}

/** Whether any text in the value satisfies the test. */
export function holdsText(
  value: PyValue,
  test: (text: string) => boolean,
): boolean {
  if (value.type === 'str') return test(value.value);
  if (value.type === 'list') return value.items.some((v) => holdsText(v, test));
  if (value.type !== 'dict') return false;
  return value.entries.some(([, item]) => holdsText(item, test));
}

/** The releases after `tested:`, each as often as it is named. */
function testedReleases(convention: string): Release[] {
  const list = convention.slice(convention.indexOf('tested:'));
  return (list.match(/\d+\.\d+\.\d+/g) ?? []).flatMap(
    (text) => readRelease(text) ?? [],
  );
}

/** An entry holds from its release until the next entry's, in the order of the tested releases. */
function byRelease(
  entries: readonly PyValue[],
  releases: readonly Release[],
): Vector['byRelease'] {
  const out: Vector['byRelease'] = new Map();
  const named = entries.map((entry) => ({
    since: readRelease(textOf(get(entry, 'since')) ?? ''),
    tag: textOf(get(entry, 'tag')),
    error: textOf(get(entry, 'error')),
  }));
  let current: (typeof named)[number] | undefined;
  const all =
    releases.length > 0 ? releases : named.flatMap((e) => e.since ?? []);
  for (const release of all) {
    current = named.find(({ since }) => since === release) ?? current;
    if (!current) continue;
    const { tag, error } = current;
    const isRun = tag !== undefined || error !== undefined;
    out.set(release, isRun ? { tag, error } : undefined);
  }
  return out;
}

function filesOf(files: PyValue | undefined): Map<string, Uint8Array> {
  return new Map(
    entriesOf(files).map(([name, content]) => {
      const text = textOf(get(content, 'utf8'));
      const base64 = textOf(get(content, 'base64')) ?? '';
      return [
        name,
        text === undefined
          ? new Uint8Array(Buffer.from(base64, 'base64'))
          : new TextEncoder().encode(text),
      ];
    }),
  );
}
