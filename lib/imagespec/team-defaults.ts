import { z } from 'zod';
import { imageRule, platformRule } from './field-rules';

/** A released version of flytekit. */
export const FlytekitVersion = z
  .string()
  .trim()
  .regex(
    /^\d+(?:\.\d+){1,2}(?:(?:a|b|rc|\.post)\d+)?$/,
    'Write a release of flytekit, such as 1.16.31.',
  );

/** The image of tasks that name none, as the cluster's `--image` or `config.yaml` sets it. */
export const DefaultImage = z
  .string()
  .trim()
  .max(512)
  .superRefine((value, context) => {
    const message = imageRule(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** What holds for a team's specs and tasks where they say nothing; `null` leaves Imageyard's or flytekit's own. */
export const TeamDefaults = z.object({
  /** The flytekit that goes into images whose spec names none. Saved revisions keep theirs. */
  flytekitVersion: FlytekitVersion.nullable(),
  /** The image of tasks that name none, in projects that set none. */
  image: DefaultImage.nullable(),
  /** Platforms of the nodes that run the tasks; none when nobody has said. */
  clusterPlatforms: z
    .array(
      z.string().superRefine((value, context) => {
        const message = platformRule(value);
        if (message !== undefined)
          context.addIssue({ code: 'custom', message });
      }),
    )
    .max(10),
});
export type TeamDefaults = z.infer<typeof TeamDefaults>;
