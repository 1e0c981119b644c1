import { z } from 'zod';
import type { FieldErrors } from '@/lib/errors';

const MIB = 1024 * 1024;

/** What may be sent: the archive as it is. */
export const MAX_ARCHIVE_BYTES = 64 * MIB;
/** What may be in it, unpacked. */
export const MAX_PROJECT_BYTES = 256 * MIB;
export const MAX_PROJECT_FILES = 20_000;

/** Names an uploaded project: the SHA-256 of what is stored of it. */
export const ArchiveId = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ArchiveId = z.infer<typeof ArchiveId>;

export const ArchiveName = z.object({
  fileName: z
    .string()
    .trim()
    .min(1, 'Say what the file is called.')
    .max(255, 'Use at most 255 characters in the name of the file.')
    .regex(/^\P{Cc}*$/u, 'Use no control characters in the name of the file.'),
});

export type ArchiveFile = { path: string; size: number; isExecutable: boolean };

/** An uploaded project. `notes` say what was done to it on the way; only the upload itself has them. */
export type ArchiveView = {
  sha256: string;
  files: ArchiveFile[];
  notes: string[];
};

/** What of a project goes into an image, as the form of a spec has it: '' where nothing is written. */
export const CopiedParts = z.object({
  /** One entry a line, as a query string can say it. */
  copy: z
    .string()
    .max(12_000)
    .transform((lines) => (lines === '' ? [] : lines.split('\n'))),
  sourceRoot: z.string().max(1024),
  mode: z.string().max(64),
});
export type CopiedParts = z.infer<typeof CopiedParts>;

/** What flytekit hashes of a project for the tag, each where it can be computed. */
export type TreeDigestsView = {
  paths: string[];
  digests: { copy?: string; source?: string };
  /** What is wrong, by field of the spec. */
  problems: FieldErrors;
};
