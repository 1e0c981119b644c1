import { parseQuery, route, upload } from '@/lib/api';
import { MAX_RECORD_BYTES } from '@/lib/build/build-record';
import { RecordPage } from '@/lib/build/record-views';
import { importRecord } from '@/lib/services/record-import';
import { listRecords } from '@/lib/services/record-views';

export const GET = route((actor, request) =>
  listRecords(actor, parseQuery(RecordPage, request)),
);

export const POST = upload(MAX_RECORD_BYTES, (actor, _request, bytes) =>
  importRecord(actor, bytes),
);
