import { guide, type KindFacts } from './kind';

export const GENERIC: KindFacts = {
  kind: 'generic',
  name: 'Another registry',
  hostExample: 'registry.example.com:5000',
  namespaceExample: 'ml',
  matches: () => false,
  methods: [
    {
      id: 'password',
      method: 'password',
      label: 'User name and password',
      username: {
        label: 'User name',
        hint: 'As for docker login.',
        placeholder: 'ci',
      },
      secret: {
        label: 'Password or token',
        hint: 'As for docker login.',
        placeholder: '',
      },
      allow: { pull: 'pull', push: 'pull and push' },
      create: () => guide([]),
      life: null,
    },
    {
      id: 'identity_token',
      method: 'identity_token',
      label: 'Identity token',
      username: null,
      secret: {
        label: 'Identity token',
        hint: 'The identitytoken of a Docker config.json: the registry’s token server takes it instead of a password.',
        placeholder: '',
      },
      allow: { pull: 'pull', push: 'pull and push' },
      create: () => guide([]),
      life: null,
    },
    {
      id: 'registry_token',
      method: 'registry_token',
      label: 'Registry token',
      username: null,
      secret: {
        label: 'Registry token',
        hint: 'The registrytoken of a Docker config.json: it goes to the registry as it is.',
        placeholder: '',
      },
      allow: { pull: 'pull', push: 'pull and push' },
      create: () => guide([]),
      life: 'As long as whoever gave it decided.',
    },
  ],
  onPush: 'Most registries make the repository with the push.',
  limits: [],
  publish: ({ registry, repository }) =>
    guide([
      `Allow reading ${repository} without a login in the settings of ${registry}.`,
    ]),
};
