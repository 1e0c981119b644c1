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
