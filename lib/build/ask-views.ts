/** A build that was asked for: new, one that was on its way already, or an image that was there already. */
export type AskedBuild = {
  id: string;
  number: number;
  how: 'queued' | 'joined' | 'reused';
};

/** An image behind a build's tag of which nobody here knows what made it. */
export type ThereView = {
  spec: { id: string; name: string };
  /** `registry/name:tag`. */
  image: string;
  digest: string;
  /** When the image says it was made. */
  createdAt: string | null;
  /** Why it cannot be used instead of a build; `null` when it can. */
  unfit: string | null;
};

/** Either what was started, or what the person has to say first; then nothing was. */
export type AskAnswer = {
  builds: AskedBuild[];
  /** Lists the builds that were asked for together; `null` for a single one. */
  batchId: string | null;
  there: ThereView[];
  /** Specs that stand on an older revision, and so were left out. */
  leftOut: { id: string; name: string }[];
};
