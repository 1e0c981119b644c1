import { Card } from '@/components/ui/card';
import { KeyValue, KeyValues } from '@/components/ui/facts';
import type { ImageView } from '@/lib/registry/views';

type Run = NonNullable<ImageView['run']>;

/** What the image's config says it runs as. */
export function ImageDetails({
  run,
  labels,
}: {
  run: Run;
  labels: ImageView['labels'];
}) {
  const names = Object.keys(labels).sort();
  return (
    <Card>
      <KeyValues>
        <KeyValue label="User">
          <Mono text={run.user || 'root'} />
        </KeyValue>
        <KeyValue label="Working directory">
          <Mono text={run.workdir || '/'} />
        </KeyValue>
        <KeyValue label="Entrypoint">
          <Mono
            text={
              run.entrypoint.length > 0
                ? JSON.stringify(run.entrypoint)
                : 'none'
            }
          />
        </KeyValue>
        <KeyValue label="Command">
          <Mono
            text={run.command.length > 0 ? JSON.stringify(run.command) : 'none'}
          />
        </KeyValue>
        <KeyValue label="Environment">
          <ul>
            {run.env.map((line) => (
              <li key={line}>
                <Mono text={line} />
              </li>
            ))}
          </ul>
        </KeyValue>
        {names.length > 0 && (
          <KeyValue label="Labels">
            <ul>
              {names.map((name) => (
                <li key={name}>
                  <Mono text={`${name}=${labels[name] ?? ''}`} />
                </li>
              ))}
            </ul>
          </KeyValue>
        )}
      </KeyValues>
    </Card>
  );
}

function Mono({ text }: { text: string }) {
  return <span className="font-mono text-xs break-all">{text}</span>;
}
