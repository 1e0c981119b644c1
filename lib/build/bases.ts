import { z } from 'zod';
import { Digest } from '@/lib/registry/schema';
import { formatReference, parseReference } from '@/lib/registry/reference';

/** An image that a build stood on: as its Dockerfile names it, in full, and the digest that stood behind the name. */
export const BuildBase = z.object({
  reference: z.string().max(1024),
  digest: Digest,
});
export type BuildBase = z.infer<typeof BuildBase>;

/** What is kept of a build beside its digest. Builds of before bases were kept have none. */
export const OutputDetail = z.object({
  version: z.literal(1),
  bases: z.array(BuildBase).max(50).optional(),
});
export type OutputDetail = z.infer<typeof OutputDetail>;

const FROM = /^FROM (?:--platform=\S+ )?(\S+@sha256:[0-9a-f]{64})(?:\s|$)/;

/**
 * The images that a build's steps began from, each once, in order. The engine names such a step by the reference it was
 * given and the digest it found behind it; a base pinned in the Dockerfile itself can never move and is left out by
 * callers that look for drift, not here. An image that only the engine's machine has carries no digest and is left out.
 *
 * @example basesOf(['FROM docker.io/library/debian:12@sha256:…'])
 */
export function basesOf(stepNames: readonly string[]): BuildBase[] {
  const bases = new Map<string, BuildBase>();
  for (const name of stepNames) {
    const text = FROM.exec(name)?.[1];
    if (text === undefined) continue;
    const { digest, ...rest } = parseReference(text);
    if (digest === undefined) continue;
    const reference = formatReference(rest);
    bases.set(`${reference} ${digest}`, { reference, digest });
  }
  return [...bases.values()];
}

/** Each base once: the images of several platforms mostly stand on the same. */
export function uniqueBases(bases: readonly BuildBase[]): BuildBase[] {
  const byName = bases.map((base) => [
    `${base.reference} ${base.digest}`,
    base,
  ]);
  return [...new Map(byName as [string, BuildBase][]).values()];
}

/**
 * The images that a Dockerfile takes by a tag, so that another may stand behind it tomorrow; `null` for no Dockerfile at
 * all, of which nothing can be said.
 *
 * @example floatingImages('FROM debian:12') // ['docker.io/library/debian:12']
 */
export function floatingImages(dockerfile: string): string[] | null {
  const names = [
    ...dockerfile.matchAll(/^FROM (?:--platform=\S+ )?(\S+)(?: AS (\S+))?/gim),
  ];
  if (names.length === 0) return null;
  const stages = new Set(names.map(([, , stage]) => stage));
  return names.flatMap(([, name = '']) => {
    if (name === 'scratch' || stages.has(name)) return [];
    const { digest, ...rest } = parseReference(name);
    return digest === undefined ? [formatReference(rest)] : [];
  });
}
