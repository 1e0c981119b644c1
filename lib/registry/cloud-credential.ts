import { z } from 'zod';
import { LastDay, Secret, Token } from './credential-parts';
import { readGcpKey } from './gcp-key';

const AccessKeyId = z
  .string()
  .trim()
  .regex(
    /^[A-Z0-9]{16,128}$/,
    'An access key ID has capital letters and digits only, such as AKIAIOSFODNN7EXAMPLE.',
  )
  .refine((id) => !id.startsWith('ASIA'), {
    message:
      'This key is temporary: it ends within hours. Take a lasting one (AKIA…), or a role.',
  });

const SecretKey = Secret('Write the secret access key.').refine(
  (text) => /^[A-Za-z0-9/+=]{16,128}$/.test(text),
  { message: 'A secret access key holds no spaces: copy it whole.' },
);

const RoleArn = z
  .string()
  .trim()
  .regex(
    /^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
    'Write the role’s whole ARN, such as arn:aws:iam::123456789012:role/imageyard.',
  );

const ExternalId = z
  .union([
    z.literal('').transform(() => null),
    z
      .string()
      .trim()
      .regex(
        /^[\w+=,.@:/-]{2,1224}$/,
        'An external ID has 2 to 1,224 letters, digits and +=,.@:/-_',
      ),
  ])
  .nullish();

/** Nothing is typed where the server's own identity is used. */
const Nothing = z
  .string()
  .nullish()
  .transform(() => '');

/** An IAM user's lasting key. */
export const AwsKeysInput = z.object({
  method: z.literal('aws_keys'),
  username: AccessKeyId,
  password: SecretKey,
  lastDay: LastDay,
});

/** A role that a lasting key may assume. */
export const AwsRoleInput = z.object({
  method: z.literal('aws_role'),
  username: AccessKeyId,
  password: SecretKey,
  roleArn: RoleArn,
  externalId: ExternalId,
  lastDay: LastDay,
});

/** The server's own AWS identity, or a role it may assume. */
export const AwsAmbientInput = z.object({
  method: z.literal('aws_ambient'),
  username: Nothing,
  password: Nothing,
  roleArn: z.union([z.literal('').transform(() => null), RoleArn]).nullish(),
  externalId: ExternalId,
  lastDay: LastDay,
});

/** A service account's key file. The account's e-mail takes the place of a user name. */
export const GcpKeyInput = z
  .object({
    method: z.literal('gcp_key'),
    password: Secret('Paste the key file, or choose it.').superRefine(
      (text, context) => {
        const reading = readGcpKey(text);
        if (!reading.ok)
          context.addIssue({ code: 'custom', message: reading.fault });
      },
    ),
    lastDay: LastDay,
  })
  .transform((input) => {
    const reading = readGcpKey(input.password);
    return { ...input, username: reading.ok ? reading.key.clientEmail : '' };
  });

/** An access token from `gcloud auth print-access-token`, for as long as it lives. */
export const GcpTokenInput = z
  .object({
    method: z.literal('gcp_token'),
    password: Token('Write the access token.'),
    lastDay: LastDay,
  })
  .transform((input) => ({ ...input, username: 'oauth2accesstoken' }));

/** The server's own Google identity. */
export const GcpAmbientInput = z.object({
  method: z.literal('gcp_ambient'),
  username: Nothing,
  password: Nothing,
  lastDay: LastDay,
});

/** The role of a stored AWS credential, as kept beside its secret. */
export const AwsRoleDetails = z.looseObject({
  roleArn: z.string().nullish(),
  externalId: z.string().nullish(),
});
