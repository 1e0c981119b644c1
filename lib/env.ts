import path from 'node:path';
import { z } from 'zod';

const Env = z.object({
  DATABASE_URL: z
    .string()
    .startsWith('postgres', 'must be a postgresql:// address'),
  IMAGEYARD_DATA: z
    .string()
    .refine((value) => path.isAbsolute(value), 'must be an absolute path'),
  PUBLIC_URL: z.url().default('http://127.0.0.1:3000'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  IMAGEYARD_EGRESS_DENY: z
    .string()
    .default('')
    .transform((list) => list.split(/[\s,]+/).filter((one) => one !== ''))
    .refine(
      (ranges) =>
        ranges.every(
          (range) => z.union([z.cidrv4(), z.cidrv6()]).safeParse(range).success,
        ),
      'must be CIDR ranges with commas between them, such as 203.0.113.0/24',
    ),
  IMAGEYARD_ALLOW_TEST_ENGINE: z.enum(['0', '1']).default('0'),
});
export type Env = z.infer<typeof Env>;

let parsed: Env | undefined;

/**
 * The server's environment, parsed once. Throws one error that lists every problem; `npm start` sets all of it.
 */
export function env(): Env {
  if (parsed) return parsed;
  const result = Env.safeParse(process.env);
  if (!result.success) {
    const lines = result.error.issues.map(
      (issue) => `  ${issue.path.join('.')}: ${issue.message}`,
    );
    throw new Error(
      `The environment is incomplete; start with \`npm start\`.\n${lines.join('\n')}`,
    );
  }
  parsed = result.data;
  return parsed;
}

// By these AWS tells a process who it is. The platform sets them, and only an owner's choice makes anything read them.
const AWS_VARIABLES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
] as const;

/** What the environment says of this server's own AWS identity. Read anew each time: a platform may rotate it. */
export function awsVariables(): Partial<
  Record<(typeof AWS_VARIABLES)[number], string>
> {
  return Object.fromEntries(
    AWS_VARIABLES.flatMap((name) => {
      const value = process.env[name];
      return value ? [[name, value]] : [];
    }),
  );
}
