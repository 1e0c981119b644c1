import { z } from 'zod';

/** One line break at the end, as left by pasting, is removed. */
export const Secret = (what: string) =>
  z
    .string()
    .max(16_384, 'At most 16,384 characters.')
    .transform((text) => text.replace(/\r?\n$/, ''))
    .refine((text) => text !== '', what);

export const Username = z
  .string()
  .trim()
  .max(256, 'At most 256 characters.')
  .regex(/^[^:\p{Cc}]*$/u, 'A user name holds no colon and no line break.');

/** RFC 6750: anything else could not travel in a header. */
export const Token = (what: string) =>
  Secret(what).refine((text) => /^[\x21-\x7e]*$/.test(text), {
    message: 'A token holds no spaces and no line breaks.',
  });

/** The last day a credential works, as its maker says; `null` for one that does not expire, or nobody knows. */
export const LastDay = z
  .union([
    z.literal('').transform(() => null),
    z.iso.date('Write the date as YYYY-MM-DD.'),
  ])
  .nullish();
