import { SpecError } from './errors';
import { reprString } from './python-repr';

/**
 * Applies a `tag_format` as Python's `str.format(spec_hash=…)` does: `{{`, `}}`, the conversions `!s !r !a` and fill,
 * alignment, width and precision. Throws `SPEC_INVALID` where Python would raise, and for the few forms that Python
 * takes and no tag can need (attributes, indexes, nested fields). The result is not checked to be a valid tag.
 *
 * @example formatTag('{spec_hash:.8}-gpu', 'zK5b6Eix3ZlE83_W7enujA') // 'zK5b6Eix-gpu'
 */
export function formatTag(pattern: string, specHash: string): string {
  let out = '';
  let rest = pattern;
  while (rest !== '') {
    const brace = rest.search(/[{}]/);
    if (brace === -1) return out + rest;
    out += rest.slice(0, brace);
    const char = rest.charAt(brace);
    if (rest.charAt(brace + 1) === char) {
      out += char;
      rest = rest.slice(brace + 2);
      continue;
    }
    if (char === '}') throw invalid('a single “}”; write “}}”');
    const end = rest.indexOf('}', brace);
    if (end === -1) throw invalid('a “{” that is never closed');
    out += formatField(rest.slice(brace + 1, end), specHash);
    rest = rest.slice(end + 1);
  }
  return out;
}

const SAMPLE = 'zK5b6Eix3ZlE83_W7enujA';

/** A pattern that flytekit can format and whose tag a registry takes. */
export function tagFormatRule(pattern: string): string | undefined {
  if (pattern === '') return undefined;
  try {
    const tag = formatTag(pattern, SAMPLE);
    return /^\w[\w.-]{0,127}$/.test(tag)
      ? undefined
      : 'The tag it makes is none a registry takes: use letters, digits and . _ - and at most 128 of them.';
  } catch (error) {
    if (error instanceof SpecError) return error.message;
    throw error;
  }
}

function formatField(field: string, specHash: string): string {
  if (field.includes('{')) throw invalid('a field within a field');
  const match = /^([^!:]*)(?:!([^:]*))?(?::(.*))?$/su.exec(field);
  const [, name = '', conversion, format = ''] = match ?? [];
  if (name !== 'spec_hash') {
    throw invalid(`{${name}}; the only field is {spec_hash}`);
  }
  return align(convert(conversion, specHash), format);
}

function convert(conversion: string | undefined, text: string): string {
  // The hash is ASCII, so `ascii()` and `repr()` print it alike.
  if (conversion === 'r' || conversion === 'a') return reprString(text);
  if (conversion === undefined || conversion === 's') return text;
  throw invalid(`the conversion “!${conversion}”; Python knows !s, !r and !a`);
}

const FORMAT = /^(?:(.)?([<>^]))?(0)?(\d+)?(?:\.(\d+))?s?$/su;
const MAX_WIDTH = 128;

function align(text: string, format: string): string {
  const match = FORMAT.exec(format);
  if (!match) throw invalid(`the format “${format}”`);
  const [, fill, side = '<', zero, width = '0', precision] = match;
  if (Number(width) > MAX_WIDTH) throw invalid('a width above 128');
  const cut = precision === undefined ? text : text.slice(0, Number(precision));
  const missing = Math.max(0, Number(width) - cut.length);
  const padding = fill ?? (zero === undefined ? ' ' : '0');
  const before =
    side === '>' ? missing : side === '^' ? Math.floor(missing / 2) : 0;
  return padding.repeat(before) + cut + padding.repeat(missing - before);
}

function invalid(what: string): SpecError {
  const message = `tag_format holds ${what}.`;
  return new SpecError(message, { tag_format: message });
}
