import { describe, expect, it } from 'vitest';
import { hideSecrets } from '@/lib/build/hide-secrets';
import type { WorkerEvent } from '@/lib/build/protocol';
import { Redactor } from '@/lib/build/redact';

const SECRET = 'correct-horse-battery-staple';
const redactor = new Redactor([SECRET]);
const line = (text: string, step = 's'): WorkerEvent => ({
  kind: 'line',
  at: 1,
  step,
  stream: 'stdout',
  text,
});

describe('hideSecrets', () => {
  it('hides a secret in whatever an event says, plain or encoded', () => {
    const encoded = Buffer.from(SECRET).toString('base64');
    const events: WorkerEvent[] = [
      line(`token=${SECRET}`),
      line(`header ${encoded}`),
      { kind: 'dockerfile', at: 1, text: `ENV A=${SECRET}` },
      { kind: 'clipped', at: 1, step: 's', by: 'engine', reason: SECRET },
      {
        kind: 'progress',
        at: 1,
        step: 's',
        what: SECRET,
        current: 0,
        total: 0,
      },
      {
        kind: 'packages',
        at: 1,
        found: {
          version: 1,
          groups: [{ kind: 'dpkg', place: '/', packages: [['a', SECRET]] }],
          missing: null,
        },
      },
      {
        kind: 'step',
        at: 1,
        key: 's',
        position: 0,
        parents: [],
        stage: '',
        name: `RUN echo ${SECRET}`,
        state: 'failed',
        cached: false,
        startedAt: null,
        completedAt: null,
        error: `it said ${SECRET}`,
        exitCode: 1,
      },
    ];
    const hidden = JSON.stringify(hideSecrets(events, redactor));
    expect(hidden).not.toContain(SECRET);
    expect(hidden).not.toContain(encoded.slice(0, 20));
    expect(hidden.match(/\*\*\*/g)).toHaveLength(8);
  });

  it('hides one that runs over lines of a step, between those of another', () => {
    const texts = hideSecrets(
      [
        line(`begin ${SECRET.slice(0, 14)}`),
        line('nothing', 'other'),
        line(`${SECRET.slice(14)} end`),
      ],
      redactor,
    ).map((event) => (event.kind === 'line' ? event.text : ''));
    expect(texts).toEqual(['begin ***', 'nothing', '*** end']);
  });

  it('leaves events without a secret as they are', () => {
    const events = [line('correct horse'), line('//user:pass@host')];
    const hidden = hideSecrets(events, redactor);
    expect(hidden[0]).toBe(events[0]);
    expect(hidden[1]).toBe(events[1]);
  });
});
