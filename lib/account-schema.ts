import { z } from 'zod';

const Password = z
  .string()
  .min(10, 'Use at least 10 characters.')
  .max(1024, 'Use at most 1,024 characters.');

const Token = z
  .string()
  .min(20, 'The link is incomplete. Copy all of it.')
  .max(200);

/** The first owner's account, made with the one-time link. */
export const SetUpOwner = z.object({
  token: Token,
  teamName: z
    .string()
    .trim()
    .min(1, 'Give the team a name.')
    .max(80, 'Use at most 80 characters.'),
  name: z
    .string()
    .trim()
    .min(1, 'Type your name.')
    .max(80, 'Use at most 80 characters.'),
  email: z
    .email('Type an e-mail address, such as you@example.com.')
    .max(320)
    .toLowerCase(),
  password: Password,
});
export type SetUpOwner = z.infer<typeof SetUpOwner>;

export const SetUpToken = z.object({ token: Token });
export type SetUpToken = z.infer<typeof SetUpToken>;

export const ResetOwner = z.object({ token: Token, password: Password });
export type ResetOwner = z.infer<typeof ResetOwner>;

export const ChangePassword = z.object({
  current: z.string().min(1, 'Type your current password.').max(1024),
  password: Password,
});
export type ChangePassword = z.infer<typeof ChangePassword>;
