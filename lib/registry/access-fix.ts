import type { Access } from './access';
import { KINDS, kindOf, publishGuide } from './kinds';
import {
  type Guide,
  type GuideLink,
  guide,
  link,
  splitRepository,
} from './kinds/kind';
import { familiarReference, type ImageReference } from './reference';
import type { RegistryKind } from './schema';

/**
 * What mends a verdict at the registry's provider: steps, commands, deep links; null where there is nothing to do, or
 * nothing that this image's name could fill in. Only text: nothing is asked or changed. Not run against the real
 * services; it rests on what `kinds` rests on.
 */
export function accessFix(
  access: Access,
  image: ImageReference,
  platform: string,
  kind: RegistryKind = kindOf(image.registry),
): Guide | null {
  const { registry, repository } = image;
  const name = familiarReference(image);
  const place = familiarReference({ registry, repository });
  switch (access.state) {
    case 'private_or_missing':
    case 'private':
      return publishGuide(image, kind);
    case 'no_access':
      // A credential that is refused is not mended by opening the image to everybody.
      return access.identity === 'anonymous'
        ? publishGuide(image, kind)
        : renewGuide(image, kind);
    case 'missing_tag':
      return guide(
        ['See which tags there are, and push the one that is missing.'],
        [
          ...access.nearTags
            .slice(0, 3)
            .map((tag) => `docker pull ${place}:${tag}`),
          `skopeo list-tags docker://${registry}/${repository}`,
        ],
        tagsPage(image, kind),
      );
    case 'missing_repository':
      return createGuide(image, kind);
    case 'wrong_platform':
    case 'public_other_platform':
      return guide(
        [
          `Set the spec’s platform to ${platform} and build it again, on a worker that can build for it.`,
        ],
        [
          `docker buildx build --platform ${platform} --tag ${place}${image.tag ? `:${image.tag}` : ''} --push .`,
        ],
      );
    case 'partially_public':
    case 'partially_pullable':
      return guide(
        [
          'Push the image again from a machine that has all of it, or build it again. What is there already is not sent twice.',
        ],
        [`docker push ${name}`],
        tagsPage(image, kind),
      );
    case 'rate_limited':
      return limitGuide(kind);
    case 'tls_untrusted':
      return guide(
        [
          'Use a certificate that everybody trusts, or give every node the authority: as ca.crt, with this in /etc/containerd/certs.d/' +
            `${registry}/hosts.toml.`,
        ],
        [
          `[host."https://${registry}"]\n  ca = "/etc/containerd/certs.d/${registry}/ca.crt"`,
        ],
      );
    case 'insecure_http':
      return guide(
        [
          'Put TLS in front of the registry. Until then every node must be told that it speaks plain http, in ' +
            `/etc/containerd/certs.d/${registry}/hosts.toml: anybody on the way can then change what it pulls.`,
        ],
        [
          `server = "http://${registry}"\n[host."http://${registry}"]\n  capabilities = ["pull", "resolve"]`,
        ],
      );
    case 'unreachable':
    case 'auth_misconfigured':
    case 'not_a_registry':
      return guide(
        ['See what it answers from where the nodes are.'],
        [`curl --include https://${apiHost(registry)}/v2/`],
      );
    case 'unsupported_schema1':
    case 'invalid_manifest':
      return guide(
        ['Build it again with a current builder and push it.'],
        [`docker buildx build --tag ${name} --push .`],
      );
    case 'public':
    case 'pullable':
    case 'blocked_by_policy':
    case 'not_an_image':
    case 'invalid_reference':
      return null;
  }
}

function renewGuide(
  { registry, repository }: ImageReference,
  kind: RegistryKind,
): Guide {
  const { name, methods } = KINDS[kind];
  const [method] = methods;
  const namespace = repository.split('/').slice(0, -1).join('/');
  const made = method.create({ host: registry, namespace });
  return guide(
    [
      `Give the credential the right to read ${repository} at ${name}: ${method.allow.pull}. Or make a new one and store it in the place of this one.`,
      ...made.steps,
    ],
    made.commands,
    made.links,
  );
}

function createGuide(image: ImageReference, kind: RegistryKind): Guide {
  const { registry, repository } = image;
  const { onPush } = KINDS[kind];
  const steps = ['Check the spelling: names are lower case.', onPush];
  if (kind === 'ecr') {
    const region = registry.split('.')[3] ?? 'REGION';
    return guide(steps, [
      `aws ecr create-repository --region ${region} --repository-name ${repository}`,
    ]);
  }
  if (kind === 'ecr_public')
    return guide(steps, [
      `aws ecr-public create-repository --region us-east-1 --repository-name ${splitRepository(repository).name}`,
    ]);
  if (kind === 'gar') {
    const [project = 'PROJECT', name = 'REPOSITORY'] = repository.split('/');
    const location = registry.replace(/-docker\.pkg\.dev$/, '');
    return guide(steps, [
      `gcloud artifacts repositories create ${name} --project=${project} --location=${location} --repository-format=docker`,
    ]);
  }
  return guide(steps, [], tagsPage(image, kind));
}

function limitGuide(kind: RegistryKind): Guide {
  return kind === 'docker_hub'
    ? guide(
        [
          'Anonymous pulls are counted by address, for this server and for every node behind one gateway. A stored Docker Hub credential has a larger limit of its own; paid accounts have none.',
          'A copy of the image in a registry of your own is not counted at all.',
        ],
        [],
        [link('Docker Hub usage', 'https://hub.docker.com/usage/pulls')],
      )
    : guide(['Wait until the time it named. Nothing is asked there before.']);
}

/** The page of the provider that lists what is in the repository. */
function tagsPage(
  { registry, repository }: ImageReference,
  kind: RegistryKind,
): GuideLink[] {
  const { owner, name } = splitRepository(repository);
  switch (kind) {
    case 'docker_hub':
      return [
        link(
          'Tags on Docker Hub',
          owner === 'library'
            ? `https://hub.docker.com/_/${name}/tags`
            : `https://hub.docker.com/r/${owner}/${name}/tags`,
        ),
      ];
    case 'ghcr':
      return [
        link(
          'Package (organisation)',
          `https://github.com/orgs/${owner}/packages/container/package/${encodeURIComponent(name)}`,
        ),
      ];
    case 'quay':
      return [
        link(
          'Tags on Quay',
          `https://quay.io/repository/${owner}/${name}?tab=tags`,
        ),
      ];
    case 'ecr_public':
      return [link('Gallery', `https://gallery.ecr.aws/${owner}/${name}`)];
    case 'gitlab':
      return registry === 'registry.gitlab.com'
        ? [
            link(
              'Container registry',
              `https://gitlab.com/${repository}/container_registry`,
            ),
          ]
        : [];
    case 'harbor':
      return [link('Harbor projects', `https://${registry}/harbor/projects`)];
    case 'ecr':
    case 'gar':
    case 'acr':
    case 'generic':
      return [];
  }
}

const apiHost = (registry: string) =>
  registry === 'docker.io' ? 'registry-1.docker.io' : registry;
