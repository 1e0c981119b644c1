import type { ImageSpec } from '@/lib/imagespec/schema';

/** A change of the text that mends a problem: offsets in the text that was read. */
export type CodeFix = {
  label: string;
  from: number;
  to: number;
  insert: string;
};

/** What is wrong, or worth a look, at a line of the code. */
export type CodeProblem = {
  /** Counted from 1. */
  line: number;
  /** flytekit's name of the field; empty for the whole text. */
  field: string;
  message: string;
  /** A warning leaves the spec whole: flytekit takes it, though perhaps not as it was meant. */
  severity: 'error' | 'warning';
  fix?: CodeFix;
};

export type CodeReading = {
  /** Null when something of the spec is unknown or not valid; then a problem says what. */
  spec: ImageSpec | null;
  problems: CodeProblem[];
};

/** A field that the target language or system cannot hold, and why. */
export type Unkept = { field: string; reason: string };

/** flytekit hashes a number for another value than the text, and YAML and Python drop the 0 of 3.10. */
export function versionWarning(shown: string, written: string): string {
  return shown === written
    ? `python_version is the number ${shown}, which flytekit hashes differently from the text: put quotes around ${written}.`
    : `python_version is the number ${shown}: put quotes around ${written}.`;
}
