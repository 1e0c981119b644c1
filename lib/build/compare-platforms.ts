import { listPlatforms } from '@/lib/registry/platform';

/** The platforms of two builds, in their order. */
export type PlatformPairs = {
  both: string[];
  onlyBefore: string[];
  onlyAfter: string[];
};

/** Pairs the platforms of two builds, each given as a build names them: one, or several with commas. */
export function pairPlatforms(before: string, after: string): PlatformPairs {
  const [was, is] = [listPlatforms(before), listPlatforms(after)];
  return {
    both: was.filter((one) => is.includes(one)),
    onlyBefore: was.filter((one) => !is.includes(one)),
    onlyAfter: is.filter((one) => !was.includes(one)),
  };
}

/** Whether each of the two builds is for one platform, the same or not. */
export function isOneEach(pairs: PlatformPairs): boolean {
  const { both, onlyBefore, onlyAfter } = pairs;
  return (
    both.length + onlyBefore.length === 1 &&
    both.length + onlyAfter.length === 1
  );
}

/**
 * The platform of each build on which the two are compared: the one that is asked for, else the first of both. Two builds
 * for one platform each are compared whatever those are; otherwise it is `null` where they share none.
 */
export function choosePlatforms(
  pairs: PlatformPairs,
  asked?: string,
): Record<'before' | 'after', string> | null {
  const { both, onlyBefore, onlyAfter } = pairs;
  const shared = both.find((one) => one === asked) ?? both[0];
  const before = shared ?? onlyBefore[0];
  const after = shared ?? onlyAfter[0];
  if (before === undefined || after === undefined) return null;
  return shared !== undefined || isOneEach(pairs) ? { before, after } : null;
}
