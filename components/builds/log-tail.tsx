'use client';
import { useEffect } from 'react';
import {
  type LineLook,
  LogLine,
  logLineStyle,
} from '@/components/builds/log-line';
import { toPlainText } from '@/components/builds/log-text';
import { type OpenLog, useLogVersion } from '@/components/builds/use-build-log';
import type { LineView } from '@/lib/build/views';

const TAIL_LINES = 20;

/** The last lines of a step, read when they are not here yet. */
export function useTail(
  { log, reader }: OpenLog,
  step: string | undefined,
): (LineView | undefined)[] {
  useLogVersion(log);
  const total = step === undefined ? 0 : log.countOf(step);
  const first = Math.max(0, total - TAIL_LINES);
  useEffect(() => {
    if (step !== undefined) void reader.want(step, first, total - 1);
  }, [reader, step, first, total]);
  if (step === undefined) return [];
  const lines = log.linesOf(step);
  return Array.from({ length: total - first }, (_, index) =>
    lines.line(first + index),
  );
}

const LOOK: LineLook = {
  times: 'none',
  isWrapped: true,
  since: 0,
  words: '',
  attempt: null,
};

export function LogTail({ lines }: { lines: (LineView | undefined)[] }) {
  return (
    <div
      style={logLineStyle(lines.at(-1)?.n ?? 0)}
      className="overflow-hidden rounded-md border bg-log py-1.5"
    >
      {lines.map((line, index) => (
        <LogLine key={index} line={line} look={LOOK} />
      ))}
    </div>
  );
}

/** The lines that are here, as text. */
export function tailText(lines: (LineView | undefined)[]): string {
  return toPlainText(lines.filter((line) => line !== undefined));
}
