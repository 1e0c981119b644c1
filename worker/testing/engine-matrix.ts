import { describe, it } from 'vitest';
import type { BuildEngine } from '@/lib/build/engine';
import {
  type EngineUnderTest,
  engineSuite,
} from '@/worker/testing/engine-suite';

/**
 * The suite for an engine that this run may have or not, and `more` of this kind of engine; where it is missing, a
 * skipped test says why.
 */
export function matrixSuite<Given extends object>(
  name: string,
  given: Given | { missing: string } | undefined,
  under: (given: Given) => EngineUnderTest,
  more?: (engine: () => BuildEngine, given: Given) => void,
): void {
  const isMissing = given === undefined || 'missing' in given;
  if (isMissing) {
    const reason = given?.missing ?? '`npm run test:engines` brings it up.';
    describe(name, () => it.skip(`is not here: ${reason}`, () => {}));
    return;
  }
  engineSuite(name, () => under(given));
  if (more) describe(name, () => more(() => under(given).engine, given));
}
