import { z } from 'zod';
import { ACCESS_VERDICTS } from './access';
import { MANIFEST_KINDS } from './manifest-kinds';

const words = (max: number) => z.string().trim().min(1).max(max);
const yes = z.literal('1');
const mebibytes = z
  .string()
  .regex(/^\d{1,7}$/)
  .refine((text) => Number(text) > 0);

/** What a list of images is narrowed down to, as it stands in the page's address. */
const FIELDS = {
  /** Part of a repository's name, `repository:tag`, or the beginning of a digest. */
  q: words(300),
  registry: z.uuid(),
  repository: z.uuid(),
  /** The beginning of a tag. */
  tag: words(128),
  platform: words(60),
  /** `name=value` or `name`. */
  label: words(300),
  verdict: z.enum(ACCESS_VERDICTS),
  kind: z.enum(MANIFEST_KINDS),
  used: yes,
  built: yes,
  gone: z.enum(['only', 'too']),
  /** The parts of indexes too. */
  parts: yes,
  /** MiB to pull. */
  min: mebibytes,
  max: mebibytes,
};
export const ImageFilter = z.object(FIELDS).partial();
export type ImageFilter = z.infer<typeof ImageFilter>;

/** Where a page of images ended: the next begins after it. */
export const ImageCursor = z.object({
  at: z.iso.datetime(),
  in: z.uuid(),
  after: z.string().max(200),
});
export type ImageCursor = z.infer<typeof ImageCursor>;

type Search = Record<string, string | string[] | undefined>;

/** The filter in an address. What cannot be read is left out: a mistyped filter shows more, not an error. */
export function readImageFilter(search: Search): ImageFilter {
  const entries = Object.entries(FIELDS).flatMap(([name, schema]) => {
    const { success, data } = schema.safeParse(search[name]);
    return success ? [[name, data] as const] : [];
  });
  return ImageFilter.parse(Object.fromEntries(entries));
}

/** The page in an address, `null` for the first. */
export function readImageCursor(search: Search): ImageCursor | null {
  return ImageCursor.safeParse(search).data ?? null;
}

/** The address of a list of images. */
export function imagesHref(
  filter: ImageFilter,
  cursor: ImageCursor | null = null,
): string {
  const search = new URLSearchParams({ ...filter, ...cursor }).toString();
  return search === '' ? '/images' : `/images?${search}`;
}

export type ImageSearch = {
  repository: string | null;
  tag: string | null;
  /** The beginning of a digest, `sha256:` and hex digits. */
  digest: string | null;
};

/**
 * What somebody meant who typed into the search field.
 *
 * @example readImageSearch('acme/etl:1.4') // repository 'acme/etl', tag '1.4'
 * @example readImageSearch('9f3c41d2') // digest 'sha256:9f3c41d2'
 */
export function readImageSearch(text: string): ImageSearch {
  const nothing = { repository: null, tag: null, digest: null };
  const [name = '', digest] = text.split('@');
  const wanted = digest ?? name;
  const hex = /^(?:sha256:)?([0-9a-f]{0,64})$/.exec(wanted)?.[1];
  const isDigest =
    wanted.startsWith('sha256:') || (hex !== undefined && hex.length >= 7);
  if (isDigest && hex !== undefined) {
    return {
      ...nothing,
      repository: digest === undefined ? null : name,
      digest: `sha256:${hex}`,
    };
  }
  // A port is no tag: what follows it holds a slash.
  const tagged = /^(.+):([A-Za-z0-9_][A-Za-z0-9_.-]*)$/.exec(name);
  return tagged
    ? { ...nothing, repository: tagged[1] ?? null, tag: tagged[2] ?? null }
    : { ...nothing, repository: name };
}
