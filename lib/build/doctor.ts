import { z } from 'zod';

/** What a worker looks at, in the order in which it is shown. */
export const CHECKS = [
  'engine',
  'log_limit',
  'disk',
  'clock',
  'platform',
  'registry',
  'engine_registry',
] as const;

/** `info` needs nothing done; `warn` will hurt some builds; `bad` stops them. */
export const FINDING_STATES = ['good', 'info', 'warn', 'bad'] as const;
export type FindingState = (typeof FINDING_STATES)[number];

/** What was found, in codes and numbers: the words are the server's. */
export const Finding = z.object({
  check: z.enum(CHECKS),
  state: z.enum(FINDING_STATES),
  code: z.string().regex(/^[a-z_]{1,40}$/),
  /** What it is about: a registry's host, a platform. */
  subject: z.string().max(300).default(''),
  facts: z.record(
    z.string().max(40),
    z.union([z.string().max(500), z.number()]),
  ),
});
export type Finding = z.infer<typeof Finding>;

/** `POST /api/worker/checkup`. */
export const Checkup = z.object({ findings: z.array(Finding).max(500) });
export type Checkup = z.infer<typeof Checkup>;

/** What the server asks a worker to look at. */
export const CheckupOrder = z.object({
  /** The server's clock as it answered, Unix milliseconds. */
  now: z.number().int().nonnegative(),
  registries: z
    .array(z.object({ host: z.string(), plainHttp: z.boolean() }))
    .max(200),
  /** What the team's images are made for. */
  platforms: z.array(z.string()).max(20),
});
export type CheckupOrder = z.infer<typeof CheckupOrder>;

/** The worst of some findings. */
export function worstOf(findings: readonly Finding[]): FindingState {
  return (
    (['bad', 'warn', 'info'] as const).find((state) =>
      findings.some((finding) => finding.state === state),
    ) ?? 'good'
  );
}
