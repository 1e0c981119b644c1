import { guide, type KindFacts, link } from './kind';

const SCOPES = {
  pull: 'read_registry',
  push: 'read_registry and write_registry',
};

/** Where GitLab's pages are: known for GitLab.com; elsewhere the registry's host without its usual first label. */
function siteOf(host: string): string {
  return `https://${host.replace(/:\d+$/, '').replace(/^registry\./, '') || 'gitlab.com'}`;
}

export const GITLAB: KindFacts = {
  kind: 'gitlab',
  name: 'GitLab',
  hostExample: 'registry.gitlab.com',
  namespaceExample: 'acme/etl',
  matches: (host) =>
    host === 'registry.gitlab.com' ||
    /^registry\.gitlab\.[a-z0-9.-]+(:\d+)?$/.test(host),
  methods: [
    {
      id: 'deploy_token',
      method: 'password',
      label: 'Deploy token',
      username: {
        label: 'Token user name',
        hint: 'As GitLab shows it beside the token.',
        placeholder: 'gitlab+deploy-token-1',
      },
      secret: {
        label: 'Token',
        hint: 'Shown once, when it is made.',
        placeholder: 'gldt-…',
      },
      allow: SCOPES,
      create: ({ host, namespace }) =>
        guide(
          [
            'In the project or group: Settings, Repository, Deploy tokens, with the scopes of the registry.',
          ],
          [],
          namespace === ''
            ? []
            : [
                link(
                  'Repository settings',
                  `${siteOf(host)}/${namespace}/-/settings/repository#js-deploy-tokens`,
                ),
              ],
        ),
      life: 'Until the date chosen when it was made, if any.',
    },
    {
      id: 'access_token',
      method: 'password',
      label: 'Personal, project or group access token',
      username: {
        label: 'User name',
        hint: 'The account the token belongs to; any word for a project or group token.',
        placeholder: 'ada',
      },
      secret: {
        label: 'Access token',
        hint: 'An account’s own password is refused once it has two-factor sign-in.',
        placeholder: 'glpat-…',
      },
      allow: SCOPES,
      create: ({ host }) =>
        guide(
          [],
          [],
          [
            link(
              'Personal access tokens',
              `${siteOf(host)}/-/user_settings/personal_access_tokens`,
            ),
          ],
        ),
      life: 'Until the date chosen when it was made.',
    },
  ],
  onPush:
    'The project must exist. Images go to its path, or up to two levels below it.',
  limits: [
    'Repositories cannot be listed through the registry.',
    'What refers to an image (signatures, bills of materials) is kept, but not listed.',
    'An image is only as public as its project.',
  ],
  publish: ({ registry, repository }) =>
    guide(
      [
        'The GitLab project must be public, and in Settings, General, Visibility the Container registry must be set to Everyone With Access.',
      ],
      [],
      [
        link(
          'Project settings',
          `${siteOf(registry)}/${repository}/edit#js-shared-permissions`,
        ),
      ],
    ),
};
