import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printPython } from './print-python';
import { printYaml } from './print-yaml';
import { readPythonSpec } from './read-python';
import { readYamlSpec } from './read-yaml';
import { randomSpec } from './testing/random-spec';
import type { Digests } from '@/lib/imagespec/digests';
import type { ImageSpec } from '@/lib/imagespec/schema';
import { specId, specTag } from '@/lib/imagespec/tag';

const RUNS = { numRuns: 150, seed: 7 };

describe('random specs over all fields', () => {
  it('read back from Python as they were, with the same tag and id', () => {
    fc.assert(
      fc.property(randomSpec, (spec) => {
        const { spec: read, problems } = readPythonSpec(printPython(spec));
        expect(problems.filter(isError)).toEqual([]);
        expect(read).toEqual(spec);
        if (!read) return;
        expect(specId(read)).toBe(specId(spec));
        expect(tagOf(read)).toBe(tagOf(spec));
      }),
      RUNS,
    );
  });

  it('read back from YAML but for the fields that are named as not kept', () => {
    fc.assert(
      fc.property(randomSpec, (spec) => {
        const { text, unkept } = printYaml(spec);
        const left = new Set<string>(unkept.map(({ field }) => field));
        const kept = Object.fromEntries(
          Object.entries(spec).filter(([field]) => !left.has(field)),
        );
        const { spec: read, problems } = readYamlSpec(text);
        expect(problems.filter(isError)).toEqual([]);
        expect(read).toEqual(kept);
        if (read) expect(tagOf(read)).toBe(tagOf(kept as ImageSpec));
      }),
      RUNS,
    );
  });
});

function isError({ severity }: { severity: string }): boolean {
  return severity === 'error';
}

/** The tag with a digest for every file a spec may name, or why it has none. */
function tagOf(spec: ImageSpec): string {
  const digests: Digests = { requirements: 'r', copy: 'c', source: 's' };
  try {
    const base = { ...digests, base: { ...digests, base: digests } };
    return specTag(spec, base);
  } catch (error) {
    return String(error);
  }
}
