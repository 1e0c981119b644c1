import { guide, type KindFacts, link, splitRepository } from './kind';

export const GHCR: KindFacts = {
  kind: 'ghcr',
  name: 'GitHub Container Registry',
  hostExample: 'ghcr.io',
  namespaceExample: 'acme',
  matches: (host) => host === 'ghcr.io',
  methods: [
    {
      id: 'classic_token',
      method: 'password',
      label: 'Personal access token (classic)',
      username: {
        label: 'GitHub user name',
        hint: 'The login the token belongs to.',
        placeholder: 'octocat',
      },
      secret: {
        label: 'Token',
        hint: 'A classic token, beginning with ghp_. Fine-grained tokens are not accepted by the registry.',
        placeholder: 'ghp_…',
      },
      allow: { pull: 'read:packages', push: 'write:packages' },
      create: () =>
        guide(
          [
            'Create a classic token with the scope write:packages, or read:packages for pulling alone.',
            'In an organisation with single sign-on, authorise the token for it afterwards.',
          ],
          [],
          [
            link(
              'New classic token',
              'https://github.com/settings/tokens/new?scopes=write:packages',
            ),
          ],
        ),
      life: 'Until the date chosen when it was made.',
    },
  ],
  onPush: 'A push makes the package. It starts private.',
  limits: [
    'A wrong or expired token is refused even for a public image.',
    'Repositories cannot be listed, and nothing is deleted through the registry: GitHub has its own interface for both.',
    'Making a package public cannot be undone.',
  ],
  publish: ({ repository }) => {
    const { owner, name } = splitRepository(repository);
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
  },
};
