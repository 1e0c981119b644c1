import { z } from 'zod';
import { Digest } from '@/lib/registry/schema';

const Tag = z
  .string()
  .trim()
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
    'Letters, digits, and _ . - after the first; at most 128.',
  );

const Image = z.object({ repositoryId: z.uuid(), digest: Digest });

export const RetagImage = Image.extend({
  tag: Tag,
  /** The tag may point to another image now, and moves. */
  mayMove: z.boolean(),
});
export type RetagImage = z.infer<typeof RetagImage>;

export const DeleteTag = z.object({
  repositoryId: z.uuid(),
  tag: Tag,
  /** The repository's name as the owner typed it, to delete although tasks follow the tag. */
  confirmation: z.string().max(300),
});
export type DeleteTag = z.infer<typeof DeleteTag>;

export const DeleteImage = Image.extend({
  /** Of an index: its parts go with it, unless something else needs them. */
  withParts: z.boolean(),
  /** The repository's name as the owner typed it, to delete although tasks run on it. */
  confirmation: z.string().max(300),
});
export type DeleteImage = z.infer<typeof DeleteImage>;

export const CopyImage = Image.extend({
  registryId: z.uuid('Choose a registry.'),
  /** Path below the registry's place. */
  path: z
    .string()
    .trim()
    .regex(
      /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/,
      'Lower-case letters and digits, with single . _ - or / between them.',
    )
    .max(200, 'At most 200 characters.'),
  /** Empty puts it there under its digest alone. */
  tag: z.union([z.literal(''), Tag]),
  mayMove: z.boolean(),
  withReferrers: z.boolean(),
});
export type CopyImage = z.infer<typeof CopyImage>;

export const CopyId = z.object({ copyId: z.uuid() });
export type CopyId = z.infer<typeof CopyId>;
