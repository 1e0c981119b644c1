import type { FieldChange } from './changes';
import type { ImageSpec } from './schema';

export type RevisionOrigin = 'form' | 'python';

/** ISO 8601 instants throughout. */
export type RevisionItemView = {
  id: string;
  number: number;
  imageName: string;
  tag: string;
  message: string;
  origin: RevisionOrigin;
  author: string | null;
  createdAt: string;
  /** Against the revision before it; `null` for the first. */
  changes: FieldChange[] | null;
};

/** A revision as it was asked for. */
export type RevisionView = Omit<RevisionItemView, 'changes'> & {
  specId: string;
  fields: ImageSpec;
  requirements: string | null;
  definitionHash: string;
  flyteId: string;
  flytekitVersion: string;
};

/** What an import finds under a name it wants to save. */
export type SpecMatchView = {
  id: string;
  name: string;
  isArchived: boolean;
  revision: number;
  tag: string;
  fields: ImageSpec;
};

export type SavedRevision = {
  id: string;
  name: string;
  revision: number;
  /** False when the current revision asks for the same already. */
  isNew: boolean;
};
