import { z } from 'zod';

const LABEL = /^[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?$/;
const MOST_LABELS = 20;
export const MOST_SLOTS = 32;

/** Labels as typed: words between commas or spaces. Each once, in the order of the alphabet. */
export const WorkerLabels = z
  .string()
  .max(1000, 'That is too much text for labels.')
  .transform((text, context) => {
    const labels = splitLabels(text);
    const wrong = labels.find((label) => !LABEL.test(label));
    if (wrong !== undefined)
      context.addIssue({
        code: 'custom',
        message: `“${wrong.slice(0, 40)}” is no label: lower-case letters, digits, and . _ - inside, at most 40 characters.`,
      });
    if (labels.length > MOST_LABELS)
      context.addIssue({
        code: 'custom',
        message: `At most ${MOST_LABELS} labels.`,
      });
    return labels;
  });

function splitLabels(text: string): string[] {
  return [
    ...new Set(text.split(/[\s,]+/).filter((word) => word !== '')),
  ].sort();
}

const WorkerName = z
  .string()
  .trim()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'Letters, digits, and . _ - after the first, at most 63 characters.',
  );

const Slots = z.coerce
  .number({ error: 'A number.' })
  .int('A whole number.')
  .min(1, 'At least one.')
  .max(MOST_SLOTS, `At most ${MOST_SLOTS}.`);

/** What the team says of a worker; the rest it says itself. */
const WorkerSettings = z
  .object({
    name: WorkerName,
    labels: WorkerLabels,
    isReserved: z.boolean(),
    slots: Slots,
  })
  .refine(({ isReserved, labels }) => !isReserved || labels.length > 0, {
    path: ['labels'],
    message: 'A reserved worker needs a label that builds can ask for.',
  });

export const CreateEnrolment = WorkerSettings;
export type CreateEnrolment = z.infer<typeof CreateEnrolment>;

export const WorkerId = z.object({ workerId: z.uuid() });
export type WorkerId = z.infer<typeof WorkerId>;

export const EnrolmentId = z.object({ enrolmentId: z.uuid() });
export type EnrolmentId = z.infer<typeof EnrolmentId>;

export const UpdateWorker = WorkerSettings.and(WorkerId);
export type UpdateWorker = z.infer<typeof UpdateWorker>;

/** What a worker has to have, set on a spec. */
export const SetSpecLabels = z.object({
  specId: z.uuid(),
  labels: WorkerLabels,
});
export type SetSpecLabels = z.infer<typeof SetSpecLabels>;

/** How builds for a registry run. An empty limit is none. */
export const SetRegistryBuilds = z.object({
  registryId: z.uuid(),
  labels: WorkerLabels,
  maxBuilds: z.preprocess(
    (typed) => (typed === '' ? null : typed),
    z.coerce
      .number({ error: 'A number, or nothing for no limit.' })
      .int('A whole number.')
      .min(1, 'At least one.')
      .max(1000, 'At most 1000.')
      .nullable(),
  ),
});
export type SetRegistryBuilds = z.infer<typeof SetRegistryBuilds>;
