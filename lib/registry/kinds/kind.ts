import type { CredentialMethod } from '@/lib/registry/credential';
import type { ImageReference } from '@/lib/registry/reference';
import type { RegistryKind } from '@/lib/registry/schema';

export type GuideLink = { label: string; url: string };

/** What to do at a provider: steps in words, commands to copy, pages to open. Nothing is asked or changed. */
export type Guide = {
  steps: string[];
  commands: string[];
  links: GuideLink[];
};

/** A registry's place, as its form holds it; both may be empty while somebody types. */
export type KindPlace = { host: string; namespace: string };

export type InputFacts = { label: string; hint: string; placeholder: string };

/** One way to give a credential for a kind of registry: what is typed, what it must allow, where it is made. */
export type MethodFacts = {
  /** Unique within the kind: several ways may share a method. */
  id: string;
  method: CredentialMethod;
  label: string;
  /** `fixed`: the registry knows one user name only, and the form fills it in. `null`: there is none. */
  username: InputFacts | { fixed: string } | null;
  /** `file`: text of several lines, pasted or uploaded. `null`: nothing secret is stored. */
  secret: (InputFacts & { file?: { accept: string } }) | null;
  /** Settings beside the secret, by their name in the credential's details. */
  details?: readonly (InputFacts & {
    name: 'roleArn' | 'externalId';
    isOptional: boolean;
  })[];
  allow: { pull: string; push: string };
  create: (place: KindPlace) => Guide;
  /** How long it works, in words; `null` when it works until it is withdrawn. */
  life: string | null;
  /** It spends the server's own identity, so only an owner may choose it. */
  isOwnerOnly?: true;
};

/** All that is known of a kind of registry without asking one. */
export type KindFacts = {
  kind: RegistryKind;
  name: string;
  hostExample: string;
  namespaceExample: string;
  /** Whether a host is of this kind, as far as its name tells. */
  matches: (host: string) => boolean;
  /** The first is the one to take when nothing speaks against it. */
  methods: readonly [MethodFacts, ...MethodFacts[]];
  /** Whether a push makes the repository, and how it starts. */
  onPush: string;
  /** What this kind cannot do. */
  limits: readonly string[];
  /** What makes an image public there, with links filled in. */
  publish: (image: ImageReference) => Guide;
};

export function guide(
  steps: string[],
  commands: string[] = [],
  links: GuideLink[] = [],
): Guide {
  return { steps, commands, links };
}

export function link(label: string, url: string): GuideLink {
  return { label, url };
}

/** `acme` and `etl/train` of `acme/etl/train`; a name without a slash is both. */
export function splitRepository(repository: string): {
  owner: string;
  name: string;
} {
  const [owner = '', ...rest] = repository.split('/');
  return { owner, name: rest.join('/') || owner };
}
