import { guide, type KindFacts, link, splitRepository } from './kind';

const projects = (host: string) => `https://${host}/harbor/projects`;

export const HARBOR: KindFacts = {
  kind: 'harbor',
  name: 'Harbor',
  hostExample: 'harbor.example.com',
  namespaceExample: 'ml',
  // A guess: a Harbor may have any name, and many are called so.
  matches: (host) => /^harbor[.-]/.test(host),
  methods: [
    {
      id: 'robot',
      method: 'password',
      label: 'Robot account',
      username: {
        label: 'Robot name',
        hint: 'The whole name, prefix included. In a shell the dollar sign must be quoted; here it must not.',
        placeholder: 'robot$ml+imageyard',
      },
      secret: {
        label: 'Robot secret',
        hint: 'Shown once, when the robot is made.',
        placeholder: '',
      },
      allow: {
        pull: 'Pull repository',
        push: 'Pull and Push repository',
      },
      create: ({ host }) =>
        guide(
          ['In the project: Robot Accounts, New Robot Account.'],
          [],
          host === '' ? [] : [link('Harbor projects', projects(host))],
        ),
      life: 'Until the date chosen when it was made: 30 days, when nothing else was chosen.',
    },
    {
      id: 'cli_secret',
      method: 'password',
      label: 'User with CLI secret',
      username: {
        label: 'Harbor user name',
        hint: 'A person’s account: a robot outlives people.',
        placeholder: 'ada',
      },
      secret: {
        label: 'CLI secret or password',
        hint: 'The CLI secret of the user profile, where people sign in through another provider.',
        placeholder: '',
      },
      allow: { pull: 'Guest of the project', push: 'Developer of the project' },
      create: () => guide(['In Harbor: your name, User Profile, CLI secret.']),
      life: null,
    },
  ],
  onPush:
    'The project must exist. Repositories inside it are made by the push.',
  limits: [
    'Listing every repository needs a system-level permission.',
    'The access level Internal is not public: an anonymous pull is refused.',
    'What refers to an image is listed from Harbor 2.8.1 on, and rightly from 2.11.',
  ],
  publish: ({ registry, repository }) =>
    guide(
      [
        `In Harbor open the project ${splitRepository(repository).owner}, then Configuration, and set the access level to Public. Internal is not enough.`,
      ],
      [],
      [link('Harbor projects', projects(registry))],
    ),
};
