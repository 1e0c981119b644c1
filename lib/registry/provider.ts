import type { ImageReference } from './reference';
import type { RegistryKind } from './schema';

/** How an image is made public at its provider: what to do, commands to copy, pages to open. */
export type PublishGuide = {
  steps: string[];
  commands: string[];
  links: { label: string; url: string }[];
};

const ECR =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.(?:com(?:\.cn)?|eu)|on\.aws)$/;
const GAR = /^([a-z0-9-]+)-docker\.pkg\.dev$/;
const GCR = /^(?:(?:us|eu|asia)\.)?gcr\.io$/;
const ACR = /^([a-z0-9-]+)\.azurecr\.io$/;

/** The provider behind a host. `harbor` is a guess from the name; every host that says nothing is `generic`. */
export function providerOf(registry: string): RegistryKind {
  if (registry === 'ghcr.io') return 'ghcr';
  if (registry === 'docker.io') return 'docker_hub';
  if (registry === 'public.ecr.aws') return 'ecr_public';
  if (registry === 'quay.io') return 'quay';
  if (registry === 'registry.gitlab.com') return 'gitlab';
  if (ECR.test(registry)) return 'ecr';
  if (GAR.test(registry) || GCR.test(registry)) return 'gar';
  if (ACR.test(registry)) return 'acr';
  return /^harbor[.-]/.test(registry) ? 'harbor' : 'generic';
}

/** What makes this image public at its provider, with links filled in. Only text: nothing is asked or changed. */
export function publishGuide({
  registry,
  repository,
}: ImageReference): PublishGuide {
  const [owner = '', ...rest] = repository.split('/');
  const name = rest.join('/') || owner;
  switch (providerOf(registry)) {
    case 'ghcr': {
      const path = `${owner}/packages/container/${encodeURIComponent(name)}/settings`;
      return guide(
        [
          'Open the package’s settings and, under Danger Zone, choose Change visibility, then Public. GitHub does not let you undo this.',
          'In an organisation, an owner must first allow public packages: organisation Settings, Packages, Package Creation.',
          'Linking the package to a public repository is not enough: it passes on permissions, not visibility.',
        ],
        [],
        [
          link(
            'Package settings (organisation)',
            `https://github.com/orgs/${path}`,
          ),
          link('Package settings (user)', `https://github.com/users/${path}`),
        ],
      );
    }
    case 'docker_hub':
      return guide(
        [
          'On Docker Hub open the repository’s Settings, then Visibility settings, Make public, and type its name.',
        ],
        [],
        [
          link(
            'Repository settings',
            `https://hub.docker.com/repository/docker/${owner}/${name}/settings`,
          ),
        ],
      );
    case 'ecr': {
      const region = ECR.exec(registry)?.[2] ?? '';
      return guide(
        [
          'A private Amazon ECR repository cannot be made public. Push a copy to Amazon ECR Public,',
          'or let the cluster pull with its own AWS role.',
        ],
        [
          `aws ecr-public create-repository --region us-east-1 --repository-name ${repository}`,
        ],
        [link('Amazon ECR', `https://${region}.console.aws.amazon.com/ecr/`)],
      );
    }
    case 'ecr_public':
      return guide(
        [
          'Everything on Amazon ECR Public can be pulled by anyone: check the alias and the name.',
        ],
        [],
        [],
      );
    case 'gar':
      return garGuide(registry, owner, rest);
    case 'acr': {
      const account = ACR.exec(registry)?.[1] ?? '';
      return guide(
        [
          'Azure opens a whole registry, not one repository, and only in the Standard and Premium tiers. Every repository in it becomes readable.',
        ],
        [
          `az acr update --name ${account} --anonymous-pull-enabled`,
          `az acr show --name ${account} --query anonymousPullEnabled`,
        ],
        [],
      );
    }
    case 'quay':
      return guide(
        [
          'On Quay open the repository’s Settings, then Repository Visibility, Make Public. New repositories start private.',
        ],
        [],
        [
          link(
            'Repository settings',
            `https://quay.io/repository/${owner}/${name}?tab=settings`,
          ),
        ],
      );
    case 'gitlab':
      return guide(
        [
          'The GitLab project must be public, and in Settings, General, Visibility the Container registry must be set to Everyone With Access.',
        ],
        [],
        [
          link(
            'Project settings',
            `https://gitlab.com/${repository}/edit#js-shared-permissions`,
          ),
        ],
      );
    case 'harbor':
      return guide(
        [
          `In Harbor open the project ${owner}, then Configuration, and set the access level to Public. Internal is not enough.`,
        ],
        [],
        [link('Harbor projects', `https://${registry}/harbor/projects`)],
      );
    case 'generic':
      return guide(
        [
          `Allow reading ${repository} without a login in the settings of ${registry}.`,
        ],
        [],
        [],
      );
  }
}

function garGuide(
  registry: string,
  first: string,
  rest: readonly string[],
): PublishGuide {
  // A domain-scoped project is written example.com/project in a path and example.com:project elsewhere.
  const isScoped = first.includes('.');
  const project = isScoped ? `${first}:${rest[0] ?? ''}` : first;
  const location = GAR.exec(registry)?.[1];
  const repository = location ? (rest[isScoped ? 1 : 0] ?? '') : registry;
  const place =
    location ?? (registry === 'gcr.io' ? 'us' : (registry.split('.')[0] ?? ''));
  return guide(
    [
      'Google grants access to a whole repository, not to one image. An organisation policy (domain restricted sharing) may forbid it.',
    ],
    [
      `gcloud artifacts repositories add-iam-policy-binding ${repository} --project=${project} --location=${place} --member=allUsers --role=roles/artifactregistry.reader`,
    ],
    [
      link(
        'Artifact Registry',
        `https://console.cloud.google.com/artifacts/docker/${project}/${place}/${repository}?project=${project}`,
      ),
    ],
  );
}

function guide(
  steps: string[],
  commands: string[],
  links: PublishGuide['links'],
): PublishGuide {
  return { steps, commands, links };
}

function link(label: string, url: string): { label: string; url: string } {
  return { label, url };
}
