import { readFileSync } from 'node:fs';
import { BuildMessage } from '@/worker/text-build/request';
import { StepSequence } from '@/worker/text-build/step-sequence';
import { Recording } from '@/worker/testing/real-engine';
import { testJob } from '@/worker/testing/test-job';

/** What a parser makes of messages; the clock ticks once for each time it is asked. */
export function readText(
  parser: (steps: StepSequence) => { read: (message: BuildMessage) => void },
  messages: readonly BuildMessage[],
) {
  const recording = new Recording();
  let now = 0;
  const steps = new StepSequence(recording.emit, () => (now += 1));
  const reader = parser(steps);
  for (const message of messages) reader.read(message);
  const error = messages.find((message) => message.error !== undefined);
  const failure = error
    ? steps.failed(
        error.errorDetail?.message ?? '',
        error.errorDetail?.code ?? null,
        testJob([]),
      )
    : null;
  if (!error) steps.done();
  const output = (key: string) =>
    recording.events
      .flatMap((event) =>
        event.kind === 'output' && event.step === key
          ? [`${event.stream}: ${Buffer.from(event.bytes).toString()}`]
          : [],
      )
      .join('');
  return { steps: recording.steps, output, failure };
}

/** The messages of a recorded answer. */
export function recorded(file: string): BuildMessage[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => BuildMessage.parse(JSON.parse(line)));
}
