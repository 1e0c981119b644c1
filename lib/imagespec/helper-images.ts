import { z } from 'zod';

const HelperImage = z
  .string()
  .trim()
  .max(512)
  .regex(
    /^[^\s"'\\]+$/,
    'Write one image reference, for example registry.example.com/helpers/uv:0.5.1.',
  )
  .nullable();

/** Team-wide helper images. They replace those of every spec and the defaults, without touching any tag. */
export const HelperImages = z.object({
  uv: HelperImage,
  micromamba: HelperImage,
});
export type HelperImages = z.infer<typeof HelperImages>;
