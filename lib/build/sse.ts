/** One server-sent event. `data` may hold line breaks; `id` and `event` may not. */
export type SseEvent = { id?: string; event?: string; data: string };

const LINE_BREAK = /\r\n|\n|\r/;
const UNSAFE_FIELD = /[\r\n\0]/;

/**
 * Frames one event for a `text/event-stream` body (WHATWG HTML §9.2.6).
 *
 * Every line of `data` becomes a field of its own, so the browser puts them back together with line feeds. A line
 * break or NUL in `id` or `event` would end the field early or void the id: that is a RangeError.
 *
 * @example encodeEvent({ id: '1:42', event: 'lines', data: '[]' }) // 'id: 1:42\nevent: lines\ndata: []\n\n'
 */
export function encodeEvent({ id, event, data }: SseEvent): string {
  const fields: string[] = [];
  if (id !== undefined) fields.push(field('id', id));
  if (event !== undefined) fields.push(field('event', event));
  for (const line of data.split(LINE_BREAK)) fields.push(`data: ${line}`);
  return `${fields.join('\n')}\n\n`;
}

/** Frames a comment, which clients ignore: a ping that keeps proxies from closing a silent stream. */
export function encodeComment(text: string): string {
  const lines = text.split(LINE_BREAK).map((line) => `: ${line}`);
  return `${lines.join('\n')}\n\n`;
}

function field(name: string, value: string): string {
  if (UNSAFE_FIELD.test(value)) {
    throw new RangeError(`An event's ${name} holds a line break or NUL.`);
  }
  return `${name}: ${value}`;
}
