import { z } from 'zod';
import { imageRule } from './field-rules';

const HelperImage = z
  .string()
  .trim()
  .max(512)
  .superRefine((value, context) => {
    const message = imageRule(value);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .nullable();

/** Team-wide helper images. They replace those of every spec and the defaults, without touching any tag. */
export const HelperImages = z.object({
  uv: HelperImage,
  micromamba: HelperImage,
});
export type HelperImages = z.infer<typeof HelperImages>;
