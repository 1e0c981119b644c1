/** Shorter secrets are left alone: they would blank half the log and are found by guessing anyway. */
const MIN_SECRET = 6;
const SECRET_FIELD = /key|secret|token|password/i;
const LINE_BREAKS = /[ \t\r]*\n[ \t]*/g;

/**
 * Everything a secret may look like in text: as it is, each line of it, the fields of a key file, and all of these escaped and
 * encoded. Line breaks are taken out, as `flatten` does it.
 */
export function allForms(secret: string): Set<string> {
  const pieces = new Set([
    secret,
    ...secret.split(/\r\n|\n|\r/),
    ...fieldsOfJson(secret),
  ]);
  const forms = new Set<string>();
  for (const piece of pieces) {
    if (piece.trim().length < MIN_SECRET) continue;
    forms.add(flatten(piece.trim()).text);
    for (const form of [
      ...escapes(piece),
      ...base64Forms(piece),
      ...hexForms(piece),
    ]) {
      if (form.length >= MIN_SECRET && !form.includes('\n')) forms.add(form);
    }
  }
  return forms;
}

/** A JSON key file is read by programs, which then print its parts unescaped. */
function fieldsOfJson(secret: string): string[] {
  if (!secret.trimStart().startsWith('{')) return [];
  try {
    const found: string[] = [];
    JSON.parse(secret, (key, value: unknown) => {
      if (
        typeof value === 'string' &&
        SECRET_FIELD.test(key) &&
        value.length >= 16
      ) {
        found.push(value, ...value.split('\n'));
      }
      return value;
    });
    return found;
  } catch {
    return [];
  }
}

function escapes(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const url = encodeURIComponent(text);
  const strict = url.replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const urls = [url, strict].flatMap((form) => [
    form,
    form.replaceAll('%2F', '/'),
  ]);
  const forms = urls.flatMap((form) => [form, form.replaceAll('%20', '+')]);
  return [
    json,
    json.replaceAll('/', '\\/'),
    json.replace(
      /[^\x20-\x7e]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
    ...forms,
    ...forms.map((form) =>
      form.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    ),
  ];
}

/** What base64 of any text around the secret must contain: only characters all of whose bits are the secret's. */
function base64Forms(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  return [0, 1, 2].flatMap((offset) => {
    const padded = new Uint8Array(offset + bytes.length);
    padded.set(bytes, offset);
    const whole = toBase64(padded);
    const standard = whole.slice(
      Math.ceil((offset * 8) / 6),
      Math.floor((padded.length * 8) / 6),
    );
    return [standard, standard.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** As digests and dumps write bytes. */
function hexForms(text: string): string[] {
  const hex = [...new TextEncoder().encode(text)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  return [hex, hex.toUpperCase()];
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** The text without its line breaks and the indentation around them, and the way back to the original places. */
export function flatten(text: string): {
  text: string;
  at: (index: number) => number;
} {
  if (!text.includes('\n')) return { text, at: (index) => index };
  const places: number[] = [];
  let flat = '';
  let from = 0;
  for (const gap of [
    ...text.matchAll(LINE_BREAKS),
    { index: text.length, 0: '' },
  ]) {
    for (let at = from; at < gap.index; at += 1) places.push(at);
    flat += text.slice(from, gap.index);
    from = gap.index + gap[0].length;
  }
  return { text: flat, at: (index) => places[index] ?? text.length };
}
