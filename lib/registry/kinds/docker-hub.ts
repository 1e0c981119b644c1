import { guide, type KindFacts, link, splitRepository } from './kind';

const TOKENS = 'https://app.docker.com/settings/personal-access-tokens';

export const DOCKER_HUB: KindFacts = {
  kind: 'docker_hub',
  name: 'Docker Hub',
  hostExample: 'docker.io',
  namespaceExample: 'acme',
  matches: (host) => host === 'docker.io',
  methods: [
    {
      id: 'access_token',
      method: 'password',
      label: 'Access token',
      username: {
        label: 'Docker ID',
        hint: 'The account’s name; the organisation’s name for an organisation access token.',
        placeholder: 'acme',
      },
      secret: {
        label: 'Access token',
        hint: 'A personal or organisation access token. The account’s own password stops working with two-factor sign-in.',
        placeholder: 'dckr_pat_…',
      },
      allow: { pull: 'Read', push: 'Read & Write' },
      create: () =>
        guide(
          ['Create an access token with Read & Write, or Read for pulling.'],
          [],
          [link('Personal access tokens', TOKENS)],
        ),
      life: 'Until the date chosen when it was made.',
    },
  ],
  onPush:
    'A push makes the repository, public or private as the account’s default says.',
  limits: [
    'Pulls are counted: without a login per address, with one per account. Looking at a tag is not counted.',
    'Repositories cannot be listed through the registry.',
    'Deleting through the registry may be refused; Docker Hub’s own pages can.',
  ],
  publish: ({ repository }) => {
    const { owner, name } = splitRepository(repository);
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
  },
};
