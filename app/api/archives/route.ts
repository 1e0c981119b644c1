import { parseQuery, upload } from '@/lib/api';
import { ArchiveName, MAX_ARCHIVE_BYTES } from '@/lib/imagespec/archive';
import { storeArchive } from '@/lib/services/archives';

export const POST = upload(MAX_ARCHIVE_BYTES, (actor, request, bytes) =>
  storeArchive(actor, { ...parseQuery(ArchiveName, request), bytes }),
);
