import { MAX_LINE_BYTES } from '@/lib/build/protocol';

/** A line of output without its line ending. `cut`: it was longer than `MAX_LINE_BYTES`. */
export type LogLine = { text: string; cut: boolean };

/** Past this many characters a carriage return ends the line, so that a progress bar without line feeds still shows. */
const FRAME_CHARS = 4096;
/** An overlong line keeps a little more than is shown, so that a secret at the edge is seen whole before the cut. */
const KEPT_CHARS = MAX_LINE_BYTES + 8192;

/**
 * Turns the bytes of one stream of one step into lines. The same bytes give the same lines however they are chunked.
 *
 * UTF-8 is decoded across chunks; broken sequences and NUL become U+FFFD. A line ends at LF or CRLF. A carriage return
 * inside a line is kept (a terminal would overwrite, the viewer shows the last part), but ends the line once it is
 * longer than 4096 characters. What lies past the limit of an overlong line is dropped. Lines come out uncapped, for
 * the redactor to see; `capLine` gives them their final length.
 */
export class LineSplitter {
  #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #heldReturn = '';
  #kept = '';
  #length = 0;

  push(bytes: Uint8Array): LogLine[] {
    return this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /**
   * Gives the finished frames of a progress bar before their line ends: all up to the last carriage return. Call it
   * when a stream has been quiet for a while; it is the one thing here that depends on time.
   */
  flushFrames(): LogLine[] {
    const end = this.#kept.lastIndexOf('\r');
    if (end < 0 || this.#length > this.#kept.length) return [];
    const rest = this.#kept.slice(end + 1);
    this.#kept = this.#kept.slice(0, end);
    this.#length = end;
    const line = this.#endLine();
    this.#add(rest);
    return [line];
  }

  /** Gives what is left when the stream is over. */
  end(): LogLine[] {
    const lines = this.#take(this.#decoder.decode());
    this.#heldReturn = '';
    return this.#length > 0 ? [...lines, this.#endLine()] : lines;
  }

  #take(decoded: string): LogLine[] {
    // Whether a carriage return belongs to CRLF is known only with the character after it.
    const whole = this.#heldReturn + decoded.replaceAll('\0', '\uFFFD');
    this.#heldReturn = whole.endsWith('\r') ? '\r' : '';
    const text = this.#heldReturn ? whole.slice(0, -1) : whole;
    const lines: LogLine[] = [];
    let from = 0;
    for (const match of text.matchAll(/\r\n|\n|\r/g)) {
      this.#add(text.slice(from, match.index));
      from = match.index + match[0].length;
      if (match[0] !== '\r' || this.#length >= FRAME_CHARS)
        lines.push(this.#endLine());
      else this.#add('\r');
    }
    this.#add(text.slice(from));
    return lines;
  }

  #add(text: string): void {
    this.#length += text.length;
    if (this.#kept.length < KEPT_CHARS)
      this.#kept += text.slice(0, KEPT_CHARS - this.#kept.length);
  }

  #endLine(): LogLine {
    const cut =
      this.#length > this.#kept.length ||
      capLine(this.#kept).length < this.#kept.length;
    const line = { text: this.#kept, cut };
    this.#kept = '';
    this.#length = 0;
    return line;
  }
}

/** The longest beginning of a line that fits `MAX_LINE_BYTES` in UTF-8, never half a character. */
export function capLine(text: string): string {
  if (text.length * 3 <= MAX_LINE_BYTES) return text;
  const { read } = new TextEncoder().encodeInto(
    text,
    new Uint8Array(MAX_LINE_BYTES),
  );
  return text.slice(0, read);
}
