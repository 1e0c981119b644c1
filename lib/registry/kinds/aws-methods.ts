import { guide, link, type MethodFacts } from './kind';

const KEY_ID = {
  label: 'Access key ID',
  hint: 'Of an IAM user made for Imageyard. Temporary keys (ASIA…) are not taken: they end within hours.',
  placeholder: 'AKIA…',
};
const SECRET_KEY = {
  label: 'Secret access key',
  hint: 'Shown once, when the key is made.',
  placeholder: '',
};
const LIFE =
  'The key works until it is withdrawn. Imageyard gets a password from it for every build, and again before the push.';

/** The three ways to an AWS identity, for a kind whose permissions are `allow`. `console` is the IAM console. */
export function awsMethods(
  allow: MethodFacts['allow'],
  console: (host: string) => string,
): readonly [MethodFacts, ...MethodFacts[]] {
  return [
    {
      id: 'keys',
      method: 'aws_keys',
      label: 'Access key',
      username: KEY_ID,
      secret: SECRET_KEY,
      allow,
      create: ({ host }) =>
        guide(
          [
            'Make an IAM user without console access, attach the policy below, and create an access key for it.',
          ],
          [],
          [link('IAM users', `${console(host)}#/users`)],
        ),
      life: LIFE,
    },
    {
      id: 'role',
      method: 'aws_role',
      label: 'Role, assumed with an access key',
      username: {
        ...KEY_ID,
        hint: 'Of an IAM user that may do sts:AssumeRole on the role, and nothing else.',
      },
      secret: SECRET_KEY,
      details: [
        {
          name: 'roleArn',
          label: 'Role ARN',
          hint: 'The role that may push. Its trust policy names the user of the key.',
          placeholder: 'arn:aws:iam::123456789012:role/imageyard',
          isOptional: false,
        },
        {
          name: 'externalId',
          label: 'External ID',
          hint: 'When the role’s trust policy asks for one.',
          placeholder: '',
          isOptional: true,
        },
      ],
      allow: {
        pull: `${allow.pull}, on the role`,
        push: `${allow.push}, on the role`,
      },
      create: ({ host }) =>
        guide(
          [
            'Make a role with the policy below and let the key’s user assume it: sts:AssumeRole in the role’s trust policy and in the user’s own policy.',
          ],
          [],
          [link('IAM roles', `${console(host)}#/roles`)],
        ),
      life: LIFE,
    },
    {
      id: 'ambient',
      method: 'aws_ambient',
      label: 'This server’s own AWS identity',
      username: null,
      secret: null,
      details: [
        {
          name: 'roleArn',
          label: 'Role ARN',
          hint: 'A role for it to assume. Empty: the identity itself is used.',
          placeholder: 'arn:aws:iam::123456789012:role/imageyard',
          isOptional: true,
        },
        {
          name: 'externalId',
          label: 'External ID',
          hint: 'When the role’s trust policy asks for one.',
          placeholder: '',
          isOptional: true,
        },
      ],
      allow,
      create: () =>
        guide([
          'Nothing is stored. The role of the machine, pod or task that this server runs on is used, and everyone who may build here pushes with it.',
        ]),
      life: 'As long as the server has the role.',
      isOwnerOnly: true,
    },
  ];
}
