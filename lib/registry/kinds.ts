import { type CredentialMethod, isMinted } from './credential';
import { ACR } from './kinds/acr';
import { DOCKER_HUB } from './kinds/docker-hub';
import { ECR } from './kinds/ecr';
import { ECR_PUBLIC } from './kinds/ecr-public';
import { GAR } from './kinds/gar';
import { GENERIC } from './kinds/generic';
import { GHCR } from './kinds/ghcr';
import { GITLAB } from './kinds/gitlab';
import { HARBOR } from './kinds/harbor';
import type { Guide, KindFacts } from './kinds/kind';
import { QUAY } from './kinds/quay';
import type { ImageReference } from './reference';
import { REGISTRY_KINDS, type RegistryKind } from './schema';

/**
 * What is known of every kind of registry, by name. None of it was run against the real service: it rests on the
 * providers' documentation and public reports as of November 2026.
 */
export const KINDS: Record<RegistryKind, KindFacts> = {
  ghcr: GHCR,
  docker_hub: DOCKER_HUB,
  ecr: ECR,
  ecr_public: ECR_PUBLIC,
  gar: GAR,
  acr: ACR,
  quay: QUAY,
  gitlab: GITLAB,
  harbor: HARBOR,
  generic: GENERIC,
};

/** The kind of a host as far as its name tells. `harbor` is a guess; every host that says nothing is `generic`. */
export function kindOf(host: string): RegistryKind {
  return REGISTRY_KINDS.find((kind) => KINDS[kind].matches(host)) ?? 'generic';
}

/** What makes this image public at its provider, with links filled in. Only text: nothing is asked or changed. */
export function publishGuide(
  image: ImageReference,
  kind: RegistryKind = kindOf(image.registry),
): Guide {
  return KINDS[kind].publish(image);
}

/** Whether a registry of this kind takes a method: a cloud's own ways only where they belong, every other anywhere. */
export function fitsKind(
  kind: RegistryKind,
  method: CredentialMethod,
): boolean {
  return (
    !isMinted(method) ||
    KINDS[kind].methods.some((each) => each.method === method)
  );
}

/** Whether a login by this method may go to a host. What a cloud identity is worth goes to that cloud's hosts alone. */
export function fitsHost(
  kind: RegistryKind,
  host: string,
  method: CredentialMethod,
): boolean {
  return !isMinted(method) || KINDS[kind].matches(host);
}

/** Whether a method spends the server's own identity. */
export function isAmbient(method: CredentialMethod): boolean {
  return method === 'aws_ambient' || method === 'gcp_ambient';
}

/** Whether logins of this kind may be made from a cloud identity. */
export function isCloudKind(kind: RegistryKind): boolean {
  return KINDS[kind].methods.some(({ method }) => isMinted(method));
}

/** Whether a push needs its repository to be there, and Imageyard can make it. */
export function isMadeBeforePush(kind: RegistryKind): boolean {
  return kind === 'ecr' || kind === 'ecr_public';
}
