/** Runs once when the server starts: a wrong environment stops it here, and background work begins. */
export async function register(): Promise<void> {
  // eslint-disable-next-line no-restricted-properties -- Next replaces this one at build time; it is not configuration.
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { env } = await import('@/lib/env');
  env();
  const { startJobs } = await import('@/lib/jobs/loop');
  startJobs();
}
