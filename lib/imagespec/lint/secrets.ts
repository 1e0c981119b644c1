import type { FieldName } from '@/lib/imagespec/fields';
import { clip } from '@/lib/imagespec/field-rules';
import type { Finding, LintInput, Rule } from './finding';

type Place = { field: FieldName; line?: number; text: string };

const HOW =
  'Store it under Secrets and mount it with pip_secret_mounts while packages are installed, for example as /root/.netrc.';

/** A user and password, or a token, inside the address of an index or a repository. */
export const credentialInAddress: Rule = (input) =>
  placesOf(input)
    .filter(({ field }) => field !== 'env')
    .filter(({ text }) => hasCredential(text))
    .map(({ field, line }) => ({
      rule: 'credential-in-address',
      severity: 'error',
      field,
      ...(line === undefined ? {} : { line }),
      message: 'The address holds a credential. Take it out.',
      why: `It would stand in the image’s history, in this revision and in the logs, for everyone who may read one of them. ${HOW}`,
    }));

/** Texts in the form of a well-known token, wherever they are. */
export const knownToken: Rule = (input) =>
  placesOf(input).flatMap(({ field, line, text }) => {
    const kind = TOKENS.find(([, pattern]) => pattern.test(text))?.[0];
    return kind === undefined
      ? []
      : [
          {
            rule: 'known-token',
            severity: 'error',
            field,
            ...(line === undefined ? {} : { line }),
            message: `This looks like ${kind}. Take it out, and replace it where it came from.`,
            why: `Everyone who may pull the image can read it there. ${field === 'env' ? 'Tasks get secrets from Flyte: @task(secret_requests=[…]).' : HOW}`,
          },
        ];
  });

/** Variables whose name says secret and whose value is one. */
export const secretInEnv: Rule = ({ spec }) =>
  (spec.env ?? []).flatMap(([key, value], index): Finding[] =>
    SECRET_NAME.test(key) && isOwnValue(value) && !isToken(value)
      ? [
          {
            rule: 'secret-in-env',
            severity: 'warning',
            field: 'env',
            line: index + 1,
            message: `${clip(key)} looks like a secret. An image is no place for one.`,
            why: 'Everyone who may pull the image can read its environment. Tasks get secrets from Flyte: @task(secret_requests=[…]).',
          },
        ]
      : [],
  );

const SECRET_NAME =
  /(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)(?:_ID)?$/i;

const TOKENS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['a GitHub token', /\b(?:gh[pousr]_\w{30,}|github_pat_\w{30,})/],
  ['a GitLab token', /\bglpat-[\w-]{20,}/],
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a Hugging Face token', /\bhf_[A-Za-z0-9]{30,}/],
  ['an API key of OpenAI or Anthropic', /\bsk-[\w-]{32,}/],
  ['a Slack token', /\bxox[abprs]-[\w-]{10,}/],
  ['a token of a package index', /\bpypi-[\w-]{40,}/],
  ['a signed web token', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/],
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
];

function isToken(text: string): boolean {
  return TOKENS.some(([, pattern]) => pattern.test(text));
}

/** A value and not the name of one: no variable, no path, no switch. */
function isOwnValue(value: string): boolean {
  const text = value.trim();
  return (
    text !== '' &&
    !/^(?:\$|\/|~|https?:)/.test(text) &&
    !/^(?:true|false|yes|no|on|off|none|null|changeme|\d{1,6})$/i.test(text)
  );
}

/** `user:password@` or a lone token before the host; a variable in its place is none. */
function hasCredential(text: string): boolean {
  return [...text.matchAll(/:\/\/([^\s/@"']+)@/g)].some(([, user = '']) => {
    const [name = '', password] = user.split(':');
    if (password !== undefined) return password !== '' && !isVariable(password);
    // Repositories over ssh are reached as git@.
    return name !== 'git' && name.length >= 12 && !isVariable(name);
  });
}

function isVariable(text: string): boolean {
  return /^\$\{?\w+\}?$/.test(text);
}

function placesOf({ spec, requirements }: LintInput): Place[] {
  const lists = [
    'packages',
    'conda_channels',
    'pip_extra_index_url',
    'commands',
    'runtime_packages',
    'entrypoint',
  ] as const;
  return [
    ...(spec.env ?? []).map(([, text], index) => ({
      field: 'env' as const,
      line: index + 1,
      text,
    })),
    ...lists.flatMap((field) =>
      (spec[field] ?? []).map((text, index) => ({
        field,
        line: index + 1,
        text,
      })),
    ),
    ...(requirements ?? '').split('\n').map((text, index) => ({
      field: 'requirements' as const,
      line: index + 1,
      text,
    })),
    ...(['pip_index', 'pip_extra_args'] as const).flatMap((field) => {
      const text = spec[field];
      return text === undefined ? [] : [{ field, text }];
    }),
  ];
}
