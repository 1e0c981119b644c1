import 'server-only';
import { z } from 'zod';
import { Cancelled, throttled, untilCancelled } from '@/lib/jobs/cancelled';
import type { JobHandler } from '@/lib/jobs/loop';
import type { CopyProgress } from '@/lib/registry/client/copy-image';
import { log } from '@/lib/log';
import { runCopy } from '@/lib/services/copy-work';
import { toStoredFailure } from '@/lib/services/failures';
import {
  beginCopy,
  endCopy,
  isCopyCancelled,
  tellCopy,
} from '@/lib/services/image-copies';

const Payload = z.object({ copyId: z.uuid() });
const TELL_MS = 500;

/** Copies one image. A copy whose process was killed begins again and sends only what is not there yet. */
export const copyImageJob: JobHandler = async (job) => {
  const { copyId } = Payload.parse(job.payload);
  const copy = await beginCopy(copyId);
  if (!copy) return { done: true };
  let newest: CopyProgress | null = null;
  const tell = throttled(TELL_MS, (progress: CopyProgress) =>
    tellCopy(copyId, { version: 1, ...progress }),
  );
  try {
    await untilCancelled(
      () => isCopyCancelled(copyId),
      (signal) =>
        runCopy(copy, signal, (progress) => {
          newest = progress;
          tell(progress).catch((error: unknown) =>
            log.warn({ err: error }, 'the progress of a copy was not kept'),
          );
        }),
    );
    await endCopy(copyId, {
      state: 'done',
      progress: { version: 1, ...requireProgress(newest) },
    });
  } catch (error) {
    await endCopy(
      copyId,
      error instanceof Cancelled
        ? { state: 'cancelled' }
        : { state: 'failed', ...toStoredFailure(error) },
    );
  }
  return { done: true };
};

function requireProgress(progress: CopyProgress | null): CopyProgress {
  if (!progress) throw new Error('A copy ended without a word.');
  return progress;
}
