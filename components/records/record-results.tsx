import { BaseImages } from '@/components/builds/base-images';
import { Dockerfile } from '@/components/builds/build-results';
import { Card, Columns } from '@/components/ui/card';
import { Digest } from '@/components/ui/digest';
import { KeyValue, KeyValues } from '@/components/ui/facts';
import { formatBytes } from '@/components/ui/format';
import { engineName } from '@/components/workers/worker-signs';
import type { RecordView } from '@/lib/build/record-views';
import { instructionTitle } from '@/lib/imagespec/instruction-title';

/** What went into an imported build and what came out of it. */
export function RecordResults({ view }: { view: RecordView }) {
  return (
    <div className="grid grid-cols-1 gap-4">
      <Columns>
        <Inputs view={view} />
        <Outputs view={view} />
      </Columns>
      <Dockerfile build={view.run} />
    </div>
  );
}

function Inputs({
  view: { build, definition, outputs, run },
}: {
  view: RecordView;
}) {
  const current = run.attempts.find(({ attempt }) => attempt === run.attempt);
  const made = current?.madeWith;
  const secrets = (definition.fields.pip_secret_mounts ?? []).map(
    ([source]) => definition.secretNames[source] ?? source,
  );
  return (
    <Card title="Inputs">
      <KeyValues>
        <KeyValue label="Definition">
          {definition.spec}, revision {definition.revision}
        </KeyValue>
        <KeyValue label="Platform">
          <code>{build.platform}</code>
        </KeyValue>
        {build.base && (
          <KeyValue label="Base spec">
            {build.base.specName} #{build.base.number}
          </KeyValue>
        )}
        <KeyValue label="Base images">
          {outputs.bases.length === 0 ? (
            '–'
          ) : (
            <BaseImages bases={outputs.bases} />
          )}
        </KeyValue>
        <KeyValue label="Secrets">
          {secrets.length === 0 ? '–' : secrets.join(', ')}
        </KeyValue>
        <KeyValue label="Worker">
          {current?.worker ?? '–'}
          {made && <span className="text-ink-3"> · release {made.worker}</span>}
        </KeyValue>
        <KeyValue label="Engine">
          {made ? engineName(made.engine) : '–'}
        </KeyValue>
      </KeyValues>
    </Card>
  );
}

function Outputs({ view: { build, outputs } }: { view: RecordView }) {
  if (build.digest === null)
    return <Card title="Outputs">This build published nothing.</Card>;
  return (
    <Card title="Outputs">
      <KeyValues>
        <KeyValue label="Image">
          <code className="break-all">
            {build.repository}:{build.tag}
          </code>
        </KeyValue>
        <KeyValue label="Digest">
          <Digest value={build.digest} />
        </KeyValue>
        {outputs.sizeBytes !== null && (
          <KeyValue label="Size to pull">
            {formatBytes(outputs.sizeBytes)}
          </KeyValue>
        )}
        {outputs.layers && (
          <KeyValue label="Layers">
            <ol>
              {outputs.layers.map(({ madeBy, sizeBytes }, index) => (
                <li key={index} className="flex gap-3">
                  <code className="min-w-0 flex-1 truncate text-xs">
                    {madeBy === null ? 'not said' : instructionTitle(madeBy)}
                  </code>
                  <span className="tabular-nums">{formatBytes(sizeBytes)}</span>
                </li>
              ))}
            </ol>
          </KeyValue>
        )}
        <KeyValue label="Read back by">
          {build.verifiedBy === 'worker' ? 'the worker' : 'its server'}
        </KeyValue>
      </KeyValues>
    </Card>
  );
}
