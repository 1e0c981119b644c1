import { z } from 'zod';
import type { BuildState } from '@/lib/build/state';

/** What people ask for when they ask for a state: several states under one word. */
export const STATE_GROUPS = [
  'published',
  'failed',
  'cancelled',
  'moving',
] as const;
export type StateGroup = (typeof STATE_GROUPS)[number];

const STATES_OF: Record<StateGroup, readonly BuildState[]> = {
  published: ['published'],
  failed: ['failed', 'timed_out', 'lost'],
  cancelled: ['cancelled'],
  moving: [
    'queued',
    'claimed',
    'building',
    'pushing',
    'verifying',
    'cancelling',
  ],
};

/** The states a group stands for; each state is in one group. */
export function statesOf(group: StateGroup): readonly BuildState[] {
  return STATES_OF[group];
}

/** The group that a state belongs to. */
export function groupOf(state: BuildState): StateGroup {
  return (
    STATE_GROUPS.find((group) => STATES_OF[group].includes(state)) ?? 'moving'
  );
}

/** How far back, in days. */
export const SINCE_DAYS = ['1', '7', '30', '90'] as const;

/** What a list of builds is narrowed down to and sorted by, as it stands in the page's address. */
const FIELDS = {
  state: z.enum(STATE_GROUPS),
  spec: z.uuid(),
  /** Who started it. */
  person: z.uuid(),
  /** Who has it, or had it last. */
  worker: z.uuid(),
  registry: z.uuid(),
  /** Asked for together. */
  batch: z.uuid(),
  /** Part of a spec's name or of a tag, the beginning of a digest, or `#` and a number. */
  q: z.string().trim().min(1).max(300),
  since: z.enum(SINCE_DAYS),
  /** Left out for the newest first. */
  sort: z.enum(['longest']),
};
export const BuildFilter = z.object(FIELDS).partial();
export type BuildFilter = z.infer<typeof BuildFilter>;

/** A page of the list: `before` is the last build of the page before it. */
export const BuildPage = BuildFilter.extend({ before: z.uuid().optional() });
export type BuildPage = z.infer<typeof BuildPage>;

type Search = Record<string, string | string[] | undefined>;

/** The page in an address. What cannot be read is left out: a mistyped filter shows more, not an error. */
export function readBuildPage(search: Search): BuildPage {
  const entries = Object.entries({ ...FIELDS, before: z.uuid() }).flatMap(
    ([name, schema]) => {
      const { success, data } = schema.safeParse(search[name]);
      return success ? [[name, data] as const] : [];
    },
  );
  return BuildPage.parse(Object.fromEntries(entries));
}

/** The address of a list of builds. */
export function buildsHref(page: BuildPage): string {
  const search = new URLSearchParams(page).toString();
  return search === '' ? '/builds' : `/builds?${search}`;
}

/** The page that compares two builds, on one of the platforms they share. */
export function compareHref(
  before: string,
  after: string,
  platform?: string,
): string {
  const on = platform === undefined ? '' : `&platform=${platform}`;
  return `/builds/compare?a=${before}&b=${after}${on}`;
}

/** What the bars above a spec's builds are of: all of them, and those that published. */
export function trendFilters(
  specId: string,
): Record<'all' | 'published', BuildFilter> {
  return {
    all: { spec: specId },
    published: { spec: specId, state: 'published' },
  };
}

export type BuildSearch = {
  /** Part of a spec's name or of a tag. */
  text: string;
  number: number | null;
  /** The beginning of a digest, `sha256:` and hex digits. */
  digest: string | null;
};

/**
 * What somebody meant who typed into the search field. What looks like a digest may be a tag all the same: any of the
 * three may fit.
 *
 * @example readBuildSearch('#12') // number 12
 * @example readBuildSearch('9f3c41d') // digest 'sha256:9f3c41d'
 */
export function readBuildSearch(text: string): BuildSearch {
  const number = /^#?([1-9]\d{0,8})$/.exec(text)?.[1];
  const hex = /^(sha256:)?([0-9a-f]{0,64})$/.exec(text);
  const isDigest =
    hex !== null && (hex[1] !== undefined || (hex[2] ?? '').length >= 7);
  return {
    text,
    number: number === undefined ? null : Number(number),
    digest: isDigest ? `sha256:${hex[2] ?? ''}` : null,
  };
}
