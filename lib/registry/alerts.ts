import { z } from 'zod';
import { ACCESS_VERDICTS, type AccessVerdict } from './access';
import { ACCESS_IDENTITIES } from './access-evidence';
import { verdictLabel, type VerdictTone } from './access-view';

const Place = {
  version: z.literal(1),
  repositoryId: z.uuid(),
  /** `host/path`. */
  repository: z.string(),
};

const AccessChanged = z.object({
  kind: z.literal('access_changed'),
  ...Place,
  /** `:tag` or `@digest`. */
  reference: z.string(),
  platform: z.string(),
  identity: z.enum(ACCESS_IDENTITIES),
  /** `null` when the first answer was a bad one already. */
  from: z.enum(ACCESS_VERDICTS).nullable(),
  to: z.enum(ACCESS_VERDICTS),
  digest: z.string().nullable(),
});
const TagMoved = z.object({
  kind: z.literal('tag_moved'),
  ...Place,
  tag: z.string(),
  from: z.string(),
  /** `null` when nothing is behind it any more. */
  to: z.string().nullable(),
});
const ImageGone = z.object({
  kind: z.literal('image_gone'),
  ...Place,
  digest: z.string(),
});
const BaseMoved = z.object({
  kind: z.literal('base_moved'),
  version: z.literal(1),
  spec: z.object({ id: z.uuid(), name: z.string() }),
  build: z.object({ id: z.uuid(), number: z.number() }),
  /** The base with its tag. */
  base: z.string(),
  from: z.string(),
  to: z.string().nullable(),
});

/** What an alert is about, one shape for each kind. A new kind is a member here and its words below. */
export const AlertDetail = z.discriminatedUnion('kind', [
  AccessChanged,
  TagMoved,
  ImageGone,
  BaseMoved,
]);
export type AlertDetail = z.infer<typeof AlertDetail>;

export const ALERT_KINDS = [
  'access_changed',
  'tag_moved',
  'image_gone',
  'base_moved',
] as const satisfies readonly AlertDetail['kind'][];
export type AlertKind = (typeof ALERT_KINDS)[number];

export const ALERT_KIND_LABELS: Record<AlertKind, string> = {
  access_changed: 'Access',
  tag_moved: 'Moved tag',
  image_gone: 'Vanished image',
  base_moved: 'Moved base',
};

/** One thing that needs a person, as lists show it. */
export type AlertView = {
  id: string;
  detail: AlertDetail;
  /** When it was last raised: what changed again is news again. */
  raisedAt: string;
  resolvedAt: string | null;
  isRead: boolean;
};

export type AlertWords = {
  tone: VerdictTone;
  title: string;
  text: string;
  links: { label: string; href: string }[];
};

/** What the alerts list shows: those that stand, those of one kind, or also those that are over. */
export const AlertFilter = z.object({
  kind: z.enum(ALERT_KINDS).optional(),
  isResolved: z.boolean().default(false),
  after: z.uuid().optional(),
});
export type AlertFilter = z.infer<typeof AlertFilter>;

export const AlertId = z.object({ alertId: z.uuid() });
export type AlertId = z.infer<typeof AlertId>;

type Change = {
  from: AccessVerdict | null;
  to: AccessVerdict;
  /** How many looks in a row gave `to` before this one. */
  unchanged: number;
};

/**
 * Whether an answer needs a person: `raise` when it became a worse one, or is bad from the start; `over` when all is
 * well again; null when there is nothing to say. A host that cannot be reached once is given a second look.
 */
export function judgeChange({
  from,
  to,
  unchanged,
}: Change): 'raise' | 'over' | null {
  const { tone } = verdictLabel(to);
  if (tone === 'good') return 'over';
  if (to === 'unreachable') return unchanged === 1 ? 'raise' : null;
  if (from === to) return null;
  const wasKnown = from !== null && from !== 'rate_limited';
  return wasKnown || tone === 'bad' ? 'raise' : null;
}

const WHO = {
  anonymous: 'without a credential',
  stored_pull: 'with the stored pull credential',
  stored_push: 'with the stored push credential',
  cluster: 'with the cluster’s pull secret',
} as const;

/** What makes two alerts one: raised again while it stands, it is the same alert with newer facts. */
export function alertSubject(detail: AlertDetail): string {
  switch (detail.kind) {
    case 'access_changed':
      return `${detail.repositoryId}${detail.reference} ${detail.platform} ${detail.identity}`;
    case 'tag_moved':
      return `${detail.repositoryId}:${detail.tag}`;
    case 'image_gone':
      return `${detail.repositoryId}@${detail.digest}`;
    case 'base_moved':
      return `${detail.spec.id} ${detail.base}`;
  }
}

/** An alert in words, with the pages that explain it. */
export function alertWords(detail: AlertDetail): AlertWords {
  switch (detail.kind) {
    case 'access_changed': {
      const to = verdictLabel(detail.to);
      const was =
        detail.from === null
          ? ''
          : ` It was: ${verdictLabel(detail.from).label.toLowerCase()}.`;
      return {
        tone: to.tone === 'good' ? 'neutral' : to.tone,
        title: `${shortName(detail.repository)}${shortReference(detail.reference)}: ${to.label.toLowerCase()}`,
        text: `Asked ${WHO[detail.identity]}, for ${detail.platform}.${was}`,
        links: imageLinks(detail.repositoryId, detail.digest),
      };
    }
    case 'tag_moved':
      return {
        tone: detail.to === null ? 'bad' : 'warning',
        title:
          detail.to === null
            ? `${shortName(detail.repository)}:${detail.tag} is gone`
            : `${shortName(detail.repository)}:${detail.tag} moved`,
        text:
          detail.to === null
            ? `It pointed to ${short(detail.from)}. What floats on it cannot start.`
            : `From ${short(detail.from)} to ${short(detail.to)}. What floats on it runs another image now.`,
        links: imageLinks(detail.repositoryId, detail.to ?? detail.from),
      };
    case 'image_gone':
      return {
        tone: 'bad',
        title: `${shortName(detail.repository)}@${short(detail.digest)} vanished`,
        text: 'The registry has it no more, and it is in use.',
        links: imageLinks(detail.repositoryId, detail.digest),
      };
    case 'base_moved':
      return {
        tone: 'warning',
        title: `The base of ${detail.spec.name} moved`,
        text: `${detail.base} was ${short(detail.from)} when build #${detail.build.number} stood on it, and is ${detail.to === null ? 'gone' : short(detail.to)} now. A rebuild would change: base.`,
        links: [
          { label: detail.spec.name, href: `/specs/${detail.spec.id}` },
          {
            label: `Build #${detail.build.number}`,
            href: `/builds/${detail.build.id}`,
          },
        ],
      };
  }
}

function imageLinks(
  repositoryId: string,
  digest: string | null,
): AlertWords['links'] {
  return digest === null
    ? [{ label: 'Tasks', href: '/tasks' }]
    : [{ label: 'Image', href: `/images/${repositoryId}/${digest}` }];
}

function shortName(repository: string): string {
  return repository.split('/').slice(1).join('/') || repository;
}

function shortReference(reference: string): string {
  return reference.startsWith('@')
    ? `@${short(reference.slice(1))}`
    : reference;
}

function short(digest: string): string {
  const [algorithm = '', hex = ''] = digest.split(':');
  return `${algorithm}:${hex.slice(0, 12)}`;
}
