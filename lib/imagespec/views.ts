import type { FieldChange } from './changes';
import type { DefinitionParts } from './definition';
import type { Digests } from './digests';
import type { ImageSpec, SpecFiles } from './schema';

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
export type RevisionView = Omit<RevisionItemView, 'changes'> &
  DefinitionParts & {
    specId: string;
    fields: ImageSpec;
    definitionHash: string;
    flyteId: string;
    flytekitVersion: string;
    digests: Digests;
    /** Texts of the files that the base names, then of those that its base names, and so on. */
    baseFiles: SpecFiles[];
    /** Paths and sizes in bytes of the archive's files. */
    archiveFiles: { path: string; size: number }[];
    /** The spec that is the base. `newest` is its current revision. */
    base: {
      specId: string;
      name: string;
      revision: number;
      newest: number;
    } | null;
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

/** A spec that another may name as its base image: its current revision. */
export type BaseChoiceView = {
  revisionId: string;
  specId: string;
  name: string;
  revision: number;
  fields: ImageSpec;
  digests: Digests;
  /** `registry/name:tag`. */
  image: string;
};

/** A revision whose image has the tag that was asked for. */
export type FoundRevisionView = {
  specId: string;
  specName: string;
  number: number;
  image: string;
  author: string | null;
  createdAt: string;
};
