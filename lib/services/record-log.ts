import 'server-only';
import type { Transaction } from '@/db';
import { buildRecordChunks } from '@/db/schema';
import { type RecordAttempt, RecordLine } from '@/lib/build/build-record';
import type { WorkerEvent } from '@/lib/build/protocol';
import { packTexts } from '@/lib/services/build-log-store';
import { refuseRecord, refuseShape } from '@/lib/services/record-refusal';

/** Takes the log of one attempt of a record that is imported, part by part, and sees that it is what the record says. */
export class RecordLog {
  readonly #tx: Transaction;
  readonly #recordId: string;
  readonly #attempt: RecordAttempt;
  #seq = 0;
  #line = 0;
  #counts = new Map<string, number>();

  constructor(tx: Transaction, recordId: string, attempt: RecordAttempt) {
    this.#tx = tx;
    this.#recordId = recordId;
    this.#attempt = attempt;
    for (const { key } of attempt.steps) this.#counts.set(key, 0);
  }

  /** Stores the next lines, a JSON text each. Gives what they take. Throws RECORD_INVALID. */
  async add(name: string, text: string): Promise<number> {
    const firstSeq = this.#seq + 1;
    const firstLine = this.#line + 1;
    const counts = new Map<string, number>();
    const texts: string[] = [];
    for (const json of text.split('\n').slice(0, -1)) {
      const line = readLine(name, json);
      const known = this.#counts.get(line.step);
      this.#line += 1;
      if (known === undefined || line.n !== this.#line)
        throw refuseRecord(
          `Line ${this.#line} of attempt ${this.#attempt.attempt} is of no step of it, or out of order.`,
        );
      this.#counts.set(line.step, known + 1);
      counts.set(line.step, (counts.get(line.step) ?? 0) + 1);
      for (const event of toEvents(line)) texts.push(JSON.stringify(event));
    }
    if (texts.length === 0 || !text.endsWith('\n'))
      throw refuseRecord(`${name} has no lines, or half a line.`);
    this.#seq += texts.length;
    const bytes = await packTexts(texts);
    await this.#tx.insert(buildRecordChunks).values({
      buildId: this.#recordId,
      attempt: this.#attempt.attempt,
      firstSeq,
      lastSeq: this.#seq,
      firstLine,
      lines: this.#line - firstLine + 1,
      bytes,
      counts: Object.fromEntries(counts),
    });
    return bytes.byteLength;
  }

  /** Throws RECORD_INVALID where lines are missing. */
  end(): void {
    const { attempt, lines, steps } = this.#attempt;
    const isWhole =
      this.#line === lines &&
      steps.every((step) => this.#counts.get(step.key) === step.lines);
    if (!isWhole)
      throw refuseRecord(
        `The log of attempt ${attempt} is not whole: it has ${this.#line} lines, where the record speaks of ${lines}.`,
      );
  }
}

function readLine(name: string, json: string): RecordLine {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw refuseRecord(`${name} has a line that is no JSON.`, cause);
  }
  const parsed = RecordLine.safeParse(value);
  if (!parsed.success) throw refuseShape(`A line of ${name}`, parsed.error);
  return parsed.data;
}

/** The events that give this line when they are read. */
function toEvents({ n: _, gap, ...line }: RecordLine): WorkerEvent[] {
  const event: WorkerEvent = { kind: 'line', ...line };
  if (gap === undefined) return [event];
  const { at, step } = line;
  return [{ kind: 'clipped', at, step, by: 'limit', reason: gap }, event];
}
