import { z } from 'zod';
import type { BuildRecord } from '@/lib/build/build-record';
import type { BuildState } from '@/lib/build/state';
import type { RunView } from '@/lib/build/run-view';

/** Where a page of the list begins: after this record. */
export const RecordPage = z.object({ before: z.uuid().optional() });
export type RecordPage = z.infer<typeof RecordPage>;

export const RecordId = z.object({ recordId: z.uuid() });
export type RecordId = z.infer<typeof RecordId>;

/** An imported build in a list. */
export type RecordItemView = {
  id: string;
  specName: string;
  number: number;
  state: BuildState;
  /** When it was asked for, where it was built. */
  builtAt: string;
  from: { url: string; team: string };
  importedBy: string | null;
  importedAt: string;
  sizeBytes: number;
  canDelete: boolean;
};

/** A page of imported builds; `next` is its last one when another page follows. */
export type RecordListView = { items: RecordItemView[]; next: string | null };

/** An imported build. */
export type RecordView = Omit<BuildRecord, 'attempts'> & {
  item: RecordItemView;
  run: RunView;
};
