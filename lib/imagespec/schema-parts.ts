import { z } from 'zod';
import { clip, type FieldRule, imageRule, wellFormed } from './field-rules';
import type { PyValue } from './python-value';

/** A text that keeps all rules; the first one broken speaks. */
export function text(maxLength: number, ...rules: FieldRule[]) {
  return z
    .string({ error: 'Write this as text, in quotes.' })
    .max(maxLength, `Keep this under ${maxLength} characters.`)
    .superRefine((value, context) => {
      for (const rule of rules) {
        const message = rule(value);
        if (message === undefined) continue;
        context.addIssue({ code: 'custom', message });
        return;
      }
    });
}

export function list<Item extends z.ZodType>(item: Item, maxItems: number) {
  return z
    .array(item, { error: 'Write this as a list.' })
    .max(maxItems, `Keep this list under ${maxItems} entries.`);
}

/** Keys of ordered pairs are unique, as they are in the Python dict they stand for. */
export function pairs<Pair extends z.ZodType<readonly [string, unknown]>>(
  pair: Pair,
  maxItems: number,
) {
  return list(pair, maxItems).superRefine((entries, context) => {
    const seen = new Set<string>();
    entries.forEach(([key], index) => {
      if (seen.has(key)) {
        const message = `${clip(key)} is set twice. Keep one.`;
        context.addIssue({ code: 'custom', message, path: [index] });
      }
      seen.add(key);
    });
  });
}

/** A number as Python tells it apart: `3` and `3.0` are hashed differently. */
export const PyNumber = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('int'),
    text: z.string().regex(/^-?\d{1,300}$/),
  }),
  z.strictObject({ type: z.literal('float'), value: z.number() }),
]);
export type PyNumber = z.infer<typeof PyNumber>;

const MAX_DEPTH = 8;

/** A value of `builder_options`: whatever a Python literal can be, but sets, bytes and enums. */
export const PyLiteral: z.ZodType<PyValue> = literal(MAX_DEPTH);

function literal(depth: number): z.ZodType<PyValue> {
  const inner = (): z.ZodType<PyValue> =>
    depth > 0
      ? literal(depth - 1)
      : z.never({ error: 'This is nested too deep.' });
  return z.lazy(() =>
    z.union([
      z.strictObject({ type: z.literal('none') }),
      z.strictObject({ type: z.literal('bool'), value: z.boolean() }),
      PyNumber,
      z.strictObject({
        type: z.literal('str'),
        value: text(8192, wellFormed),
      }),
      z.strictObject({
        type: z.enum(['list', 'tuple']),
        items: list(inner(), 500),
      }),
      z.strictObject({
        type: z.literal('dict'),
        entries: list(z.tuple([inner(), inner()]), 500),
      }),
    ]),
  );
}

/** The helper images of `builder_config`. */
export const HelperPair = z.tuple([
  z.enum(['uv_image', 'micromamba_image'], {
    error: 'flytekit knows uv_image and micromamba_image here.',
  }),
  text(512, imageRule),
]);

export function emptyOr(rule: FieldRule): FieldRule {
  return (value) => (value === '' ? undefined : rule(value));
}
