import { z } from 'zod';

/**
 * `POST /api/worker/enrol`, the one call without a secret: the code stands in it once. The worker makes its secret itself
 * and keeps it before it asks, so that an answer that was lost can be asked for again.
 */
export const Enrol = z.object({
  code: z.string().min(1).max(100),
  /** Lower-hex SHA-256 of the secret. */
  secretHash: z.string().regex(/^[0-9a-f]{64}$/),
  version: z.string().max(50),
});
export type Enrol = z.infer<typeof Enrol>;

export const EnrolAnswer = z.object({
  workerId: z.uuid(),
  /** What the team calls this worker. */
  name: z.string(),
});
export type EnrolAnswer = z.infer<typeof EnrolAnswer>;
