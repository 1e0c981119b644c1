import { guide, type KindFacts, link } from './kind';

// Azure, Azure China and Azure Government. Newer names carry a hash: `acme-d5gkc7.azurecr.io`.
const HOST = /^([a-z0-9-]+)\.azurecr\.(?:io|cn|us)$/;
const PORTAL =
  'https://portal.azure.com/#browse/Microsoft.ContainerRegistry%2Fregistries';

/** The registry's name in `az` commands: the first label without the hash of newer names. */
function nameOf(host: string): string {
  return HOST.exec(host)?.[1]?.split('-')[0] ?? 'REGISTRY';
}

export const ACR: KindFacts = {
  kind: 'acr',
  name: 'Azure Container Registry',
  hostExample: 'acme.azurecr.io',
  namespaceExample: 'ml',
  matches: (host) => HOST.test(host),
  methods: [
    {
      id: 'service_principal',
      method: 'password',
      label: 'Service principal',
      username: {
        label: 'Application (client) ID',
        hint: 'The appId of the service principal.',
        placeholder: '00000000-0000-0000-0000-000000000000',
      },
      secret: {
        label: 'Client secret',
        hint: 'The secret’s value, not its ID.',
        placeholder: '',
      },
      allow: {
        pull: 'AcrPull, or Container Registry Repository Reader',
        push: 'AcrPush, or Container Registry Repository Writer',
      },
      create: ({ host }) =>
        guide(
          [
            'Make a service principal with the role on the registry; the answer holds its appId and password.',
          ],
          [
            `az ad sp create-for-rbac --name imageyard --role AcrPush --scopes "$(az acr show --name ${nameOf(host)} --query id --output tsv)"`,
          ],
          [link('Container registries', PORTAL)],
        ),
      life: 'One year, when nothing else was chosen. Azure does not warn.',
    },
    {
      id: 'token',
      method: 'password',
      label: 'Repository token',
      username: {
        label: 'Token name',
        hint: 'Of a token made on the registry, for some of its repositories.',
        placeholder: 'imageyard',
      },
      secret: {
        label: 'Token password',
        hint: 'One of the two passwords generated for it.',
        placeholder: '',
      },
      allow: {
        pull: '_repositories_pull, or content/read and metadata/read',
        push: '_repositories_push, or content/write besides',
      },
      create: ({ host }) =>
        guide(
          ['Make a token with a scope map; the answer holds two passwords.'],
          [
            `az acr token create --registry ${nameOf(host)} --name imageyard --scope-map _repositories_push`,
          ],
          [link('Container registries', PORTAL)],
        ),
      life: 'Until the date chosen for the password, if any.',
    },
    {
      id: 'admin',
      method: 'password',
      label: 'Admin user',
      username: {
        label: 'Admin user name',
        hint: 'The registry’s own name. One account for everything: take a token or service principal instead where you can.',
        placeholder: 'acme',
      },
      secret: {
        label: 'Admin password',
        hint: 'Either of the two.',
        placeholder: '',
      },
      allow: { pull: 'everything', push: 'everything' },
      create: ({ host }) =>
        guide(
          ['The admin user must be switched on first.'],
          [
            `az acr update --name ${nameOf(host)} --admin-enabled true`,
            `az acr credential show --name ${nameOf(host)}`,
          ],
          [link('Container registries', PORTAL)],
        ),
      life: null,
    },
  ],
  onPush: 'A push makes the repository.',
  limits: [
    'Anonymous pull is for the whole registry at once, and only in the Standard and Premium tiers.',
    'Sign-in with an Azure identity (az acr login) is not offered: take a service principal or a token.',
  ],
  publish: ({ registry }) =>
    guide(
      [
        'Azure opens a whole registry, not one repository, and only in the Standard and Premium tiers. Every repository in it becomes readable.',
      ],
      [
        `az acr update --name ${nameOf(registry)} --anonymous-pull-enabled`,
        `az acr show --name ${nameOf(registry)} --query anonymousPullEnabled`,
      ],
    ),
};
