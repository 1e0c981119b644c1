import { MAX_SECRET_BYTES } from '@/lib/imagespec/secrets';

/** The text of a chosen file, or why it cannot be a secret. */
export async function readSecretFile(
  file: Blob,
): Promise<{ text: string } | { fault: string }> {
  // Asked before it is read: somebody may choose a whole disk image.
  if (file.size > MAX_SECRET_BYTES) {
    return { fault: 'The file is larger than 64 KiB. Choose a smaller one.' };
  }
  try {
    const bytes = await file.arrayBuffer();
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(bytes) };
  } catch {
    return { fault: 'The file is not UTF-8 text. Choose a text file.' };
  }
}

/** What a secret from that file would be called here. */
export function nameAfterFile(fileName: string): string {
  return fileName
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^(\.?)[^A-Za-z0-9_]*/, '$1')
    .slice(0, 100);
}
