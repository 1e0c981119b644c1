/** No test seen yet. */
export const NOTHING = { passed: 0, failed: 0, skipped: 0 };

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * The sum of counts.
 *
 * @param {Counts[]} counts
 * @returns {Counts}
 */
export function add(...counts) {
  return counts.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    NOTHING,
  );
}

/** The line a run closes with; other programs read it. */
export function formatCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * Counts Vitest's JSON report. A file that could not even be loaded holds no
 * test, and counts as one that failed.
 *
 * @returns {Counts}
 */
export function countVitest(report) {
  return add(
    ...report.testResults.map(({ status, assertionResults }) => {
      const having = (...wanted) =>
        assertionResults.filter((result) => wanted.includes(result.status))
          .length;
      const failed = having('failed');
      return {
        passed: having('passed'),
        failed: failed === 0 && status === 'failed' ? 1 : failed,
        skipped: having('skipped', 'pending', 'todo', 'disabled'),
      };
    }),
  );
}

/**
 * Counts Playwright's JSON report. Errors outside any test count as one failure.
 *
 * @returns {Counts}
 */
export function countPlaywright({ stats, errors }) {
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + (errors.length > 0 ? 1 : 0),
    skipped: stats.skipped,
  };
}

/**
 * What a runner's end says, against its exit code: no report, no test at all,
 * and a failure that no test shows each count as one failure.
 *
 * @param {Counts | undefined} counts
 * @param {number} exitCode
 * @returns {Counts}
 */
export function judgeRunner(counts, exitCode) {
  if (!counts) return { ...NOTHING, failed: 1 };
  const total = counts.passed + counts.failed + counts.skipped;
  const isSilent = exitCode !== 0 && counts.failed === 0;
  return total === 0 || isSilent
    ? add(counts, { ...NOTHING, failed: 1 })
    : counts;
}
