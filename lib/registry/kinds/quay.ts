import { guide, type KindFacts, link, splitRepository } from './kind';

export const QUAY: KindFacts = {
  kind: 'quay',
  name: 'Quay',
  hostExample: 'quay.io',
  namespaceExample: 'acme',
  matches: (host) => host === 'quay.io',
  methods: [
    {
      id: 'robot',
      method: 'password',
      label: 'Robot account',
      username: {
        label: 'Robot name',
        hint: 'Namespace, plus sign and name, as Quay shows it.',
        placeholder: 'acme+imageyard',
      },
      secret: {
        label: 'Robot token',
        hint: 'Under View Credentials of the robot.',
        placeholder: '',
      },
      allow: { pull: 'Read', push: 'Write, or Creator in the organisation' },
      create: ({ host, namespace }) => {
        const { owner } = splitRepository(namespace);
        return guide(
          [
            'Make a robot account and give it Write on the repositories, or let it create them.',
          ],
          [],
          owner === ''
            ? []
            : [
                link(
                  'Robot accounts',
                  `https://${host || 'quay.io'}/organization/${owner}?tab=robots`,
                ),
              ],
        );
      },
      life: null,
    },
    {
      id: 'encrypted_password',
      method: 'password',
      label: 'User with encrypted password',
      username: {
        label: 'Quay user name',
        hint: 'A person’s account: a robot outlives people.',
        placeholder: 'ada',
      },
      secret: {
        label: 'Encrypted password',
        hint: 'From Account Settings, CLI Password.',
        placeholder: '',
      },
      allow: { pull: 'Read', push: 'Write' },
      create: ({ host }) =>
        guide(
          [],
          [],
          [link('Account settings', `https://${host || 'quay.io'}/user/`)],
        ),
      life: 'Until the account’s password changes.',
    },
  ],
  onPush:
    'A push makes the repository when the account may create one there. It starts private.',
  limits: ['Tags come 50 to 100 at a time, oldest first.'],
  publish: ({ registry, repository }) => {
    const { owner, name } = splitRepository(repository);
    return guide(
      [
        'On Quay open the repository’s Settings, then Repository Visibility, Make Public. New repositories start private.',
      ],
      [],
      [
        link(
          'Repository settings',
          `https://${registry}/repository/${owner}/${name}?tab=settings`,
        ),
      ],
    );
  },
};
