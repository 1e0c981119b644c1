import { mapPackageTexts } from '@/lib/build/packages';
import type { WorkerEvent } from '@/lib/build/protocol';
import type { Redactor } from '@/lib/build/redact';

type Line = Extract<WorkerEvent, { kind: 'line' }>;

/**
 * The same events without the secrets that a redactor knows, also where one runs over several lines of a step; an event
 * that holds none is the same object. For what comes from a worker, which should have hidden them already.
 */
export function hideSecrets(
  events: readonly WorkerEvent[],
  redactor: Redactor,
): WorkerEvent[] {
  if (redactor.isClean(events.map(textOf).join('\n'))) return [...events];
  const hidden = events.map((event) => hideInEvent(event, redactor));
  for (const places of lineRuns(events)) {
    const lines = places.map((at) => events[at] as Line);
    const texts = redactor
      .hide(lines.map(({ text }) => text).join('\n'))
      .split('\n');
    for (const [index, at] of places.entries()) {
      const line = lines[index];
      const text = texts[index];
      if (line && text !== undefined && text !== line.text)
        hidden[at] = { ...line, text };
    }
  }
  return hidden;
}

function textOf(event: WorkerEvent): string {
  switch (event.kind) {
    case 'line':
    case 'dockerfile':
      return event.text;
    case 'step':
      return `${event.name}\n${event.error ?? ''}`;
    case 'clipped':
      return event.reason;
    case 'progress':
      return event.what;
    case 'packages':
      return event.found.groups
        .flatMap(({ packages }) => packages.flat())
        .join('\n');
    case 'state':
      return '';
  }
}

/** What is not a line; lines are looked at together. */
function hideInEvent(event: WorkerEvent, redactor: Redactor): WorkerEvent {
  const text = textOf(event);
  if (event.kind === 'line' || redactor.hide(text) === text) return event;
  const hide = (raw: string) => redactor.hide(raw);
  switch (event.kind) {
    case 'dockerfile':
      return { ...event, text: hide(event.text) };
    case 'step':
      return {
        ...event,
        name: hide(event.name),
        error: event.error === null ? null : hide(event.error),
      };
    case 'clipped':
      return { ...event, reason: hide(event.reason) };
    case 'progress':
      return { ...event, what: hide(event.what) };
    case 'packages':
      return { ...event, found: mapPackageTexts(event.found, hide) };
    case 'state':
      return event;
  }
}

/** The places of the lines of each stream, in their order. */
function lineRuns(events: readonly WorkerEvent[]): number[][] {
  const runs = new Map<string, number[]>();
  for (const [at, event] of events.entries()) {
    if (event.kind !== 'line') continue;
    const key = `${event.stream} ${event.step}`;
    const run = runs.get(key) ?? [];
    run.push(at);
    runs.set(key, run);
  }
  return [...runs.values()];
}
