import type { Access, AccessVerdict } from './access';
import { publishGuide } from './kinds';
import type { Guide } from './kinds/kind';
import { familiarReference, type ImageReference } from './reference';

export type VerdictTone = 'good' | 'warning' | 'bad' | 'neutral';

/** A verdict in words. `label` fits a badge; `guide` is the provider's own way to mend it, where there is one. */
export type VerdictView = {
  tone: VerdictTone;
  label: string;
  title: string;
  explanation: string;
  advice: string[];
  guide: Guide | null;
};

const LABELS: Record<AccessVerdict, readonly [VerdictTone, string]> = {
  public: ['good', 'Public'],
  public_other_platform: ['warning', 'Other platform'],
  wrong_platform: ['bad', 'Wrong platform'],
  partially_public: ['bad', 'Partly public'],
  private_or_missing: ['bad', 'Private or missing'],
  private: ['warning', 'Private'],
  no_access: ['bad', 'No access'],
  missing_tag: ['bad', 'Tag missing'],
  missing_repository: ['bad', 'Repository missing'],
  rate_limited: ['neutral', 'Rate limited'],
  unreachable: ['bad', 'Unreachable'],
  tls_untrusted: ['warning', 'TLS not trusted'],
  insecure_http: ['warning', 'Plain http'],
  blocked_by_policy: ['neutral', 'Not allowed'],
  not_an_image: ['bad', 'Not an image'],
  unsupported_schema1: ['bad', 'Old format'],
  invalid_manifest: ['bad', 'Broken manifest'],
  invalid_reference: ['bad', 'Invalid reference'],
  auth_misconfigured: ['bad', 'Login broken'],
  not_a_registry: ['bad', 'Not a registry'],
};

const STAGES: Record<NonNullable<Access['stage']>, string> = {
  connect: 'It did not answer',
  tls: 'TLS could not be set up',
  token: 'Its token server does not work',
  registry: 'It answered with a server error',
  storage: 'The storage behind it does not answer',
};

const TLS_FAULTS: Record<string, string> = {
  expired: 'is not valid at this time',
  wrong_name: 'belongs to another name',
};

/** The tone and short word of a verdict, for badges and lists. */
export function verdictLabel(state: AccessVerdict): {
  tone: VerdictTone;
  label: string;
} {
  const [tone, label] = LABELS[state];
  return { tone, label };
}

/** What to tell a person about a verdict on an image and platform. `reference` is null when it could not be read. */
export function verdictView(
  access: Access,
  reference: ImageReference | null,
  platform: string,
): VerdictView {
  const image = reference ? familiarReference(reference) : 'this reference';
  const registry = reference?.registry ?? 'the registry';
  const needsGuide = ['private_or_missing', 'private', 'no_access'].includes(
    access.state,
  );
  return {
    ...verdictLabel(access.state),
    ...words(access, image, registry, platform),
    guide: needsGuide && reference ? publishGuide(reference) : null,
  };
}

type Words = Pick<VerdictView, 'title' | 'explanation' | 'advice'>;

function words(
  access: Access,
  image: string,
  registry: string,
  platform: string,
): Words {
  const list = access.platforms.join(', ') || 'none';
  switch (access.state) {
    case 'public':
      return say(
        `Anyone can pull this for ${platform}.`,
        publicExplanation(access),
      );
    case 'public_other_platform':
      return say(
        `Anyone can pull this, but not for ${platform}.`,
        `It is there for: ${list}.`,
        [`Build it with the platform ${platform}.`],
      );
    case 'wrong_platform':
      return say(
        `There is no image for ${platform}.`,
        `It is there for: ${list}.`,
        [`Build it with the platform ${platform}.`],
      );
    case 'partially_public':
      return say('A pull would fail half-way.', partsExplanation(access), [
        'Push the image again, with all of its layers.',
      ]);
    case 'private_or_missing':
      return say(
        'Nobody can pull this without a credential.',
        `${registry} refuses ${image} to anonymous pulls. It does not say whether the image is private or does not exist.`,
        [
          'Check the name. If it is right, make the image public or give the cluster a pull secret.',
        ],
      );
    case 'private':
      return say(
        'The image is there, and private.',
        `${registry} refuses ${image} to anonymous pulls, and gives it to your stored credential.`,
        [
          'Make it public, or give the cluster a pull secret made from a credential that may pull.',
        ],
      );
    case 'no_access':
      return say(
        'Neither anyone nor your stored credential can pull this.',
        `${registry} refuses ${image} to anonymous pulls and to the stored credential. It may also not exist.`,
        ['Check the name, and that the credential may read this repository.'],
      );
    case 'missing_tag':
      return say(
        'The repository is there, this tag or digest is not.',
        access.nearTags.length > 0
          ? `Tags like it: ${access.nearTags.join(', ')}.`
          : `${registry} does not know it.`,
        ['Check the tag, or build and push it.'],
      );
    case 'missing_repository':
      return say(
        'There is no such repository.',
        `${registry} does not know the repository of ${image}.`,
        ['Check the spelling and the project or namespace in front of it.'],
      );
    case 'rate_limited':
      return say(
        'The registry asks to wait.',
        access.retryAt
          ? `It takes questions again from ${access.retryAt}.`
          : 'It did not say for how long.',
        ['Check again later. The last verdict before this one still stands.'],
      );
    case 'unreachable':
      return say(
        `${registry} could not be reached.`,
        `${STAGES[access.stage ?? 'connect']}, seen from ${access.vantage}.`,
        ['Check the host and port, and that the registry is up.'],
      );
    case 'tls_untrusted':
      return say(
        'The certificate is not trusted.',
        `The certificate of ${registry} ${TLS_FAULTS[access.tlsFault ?? ''] ?? 'is not signed by an authority known here'}.${underlying(access)}`,
        [
          'Nodes refuse to pull from it unless they are given its authority. Use a certificate that is trusted.',
        ],
      );
    case 'insecure_http':
      return say(
        'The registry speaks plain http.',
        `${registry} does not use TLS.${underlying(access)}`,
        [
          'Nodes refuse to pull from it unless they are configured to. Put TLS in front of it.',
        ],
      );
    case 'blocked_by_policy':
      return say(
        'This server is not allowed to ask there.',
        `${registry}, or a server it points to, is not one that this server may talk to.`,
        ['The owner can add it under Registries, host and port written out.'],
      );
    case 'not_an_image':
      return say(
        'This is not a container image.',
        'It is another kind of artifact, such as a chart or a signature.',
        ['Check the name and tag.'],
      );
    case 'unsupported_schema1':
      return say(
        'The image is in a format that nodes no longer pull.',
        'It is a Docker schema 1 manifest.',
        ['Build and push it again.'],
      );
    case 'invalid_manifest':
      return say(
        'The image is broken.',
        access.reason ?? 'Its manifest cannot be used.',
        ['Push it again.'],
      );
    case 'invalid_reference':
      return say(
        'This is not an image reference.',
        access.reason ?? 'It cannot be read.',
        [
          'Write it as registry/repository:tag, for example ghcr.io/acme/etl:1.4.',
        ],
      );
    case 'auth_misconfigured':
      return say(
        'The registry’s login does not work.',
        `${registry} asks for a login in a way that no client can follow. The evidence shows its answer.`,
        ['Tell whoever runs it.'],
      );
    case 'not_a_registry':
      return say(
        `${registry} is not a registry.`,
        'It answered, but not as an OCI registry does.',
        ['Check the host and port.'],
      );
  }
}

function say(title: string, explanation: string, advice: string[] = []): Words {
  return { title, explanation, advice };
}

function publicExplanation({ checked, vantage, digest }: Access): string {
  const parts = checked === 'all' ? 'every layer' : 'a sample of the layers';
  return `Manifest, config and ${parts} were there without a credential, seen from ${vantage}${digest ? `, as ${digest}` : ''}.`;
}

function partsExplanation({ failing }: Access): string {
  const [first] = failing;
  if (!first) return 'A part of it cannot be had.';
  const more =
    failing.length > 1 ? ` and ${String(failing.length - 1)} more` : '';
  const status =
    first.status === null ? 'no answer' : `status ${String(first.status)}`;
  return `The manifest is public, but the ${first.kind} ${first.digest}${more} gives ${status}.`;
}

function underlying({ underlying: state }: Access): string {
  return state
    ? ` Apart from that an anonymous pull gives: ${LABELS[state][1].toLowerCase()}.`
    : '';
}
