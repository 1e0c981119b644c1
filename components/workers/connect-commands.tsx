import { CodeBlock } from '@/components/ui/code-block';
import { Notice } from '@/components/ui/notice';
import { Tabs } from '@/components/ui/tabs';
import {
  connectCommands,
  type ConnectInput,
  reachOf,
  workerImage,
  workerImageCommand,
} from '@/lib/build/connect-worker';

/** What to run, for each place a worker can live in. */
export function ConnectCommands(input: ConnectInput) {
  const commands = connectCommands(input);
  const image = (
    <>
      <p className="mb-1.5">
        First make its image in a checkout of release {input.version}:
      </p>
      <CodeBlock
        label="the command that makes the image"
        text={workerImageCommand(input.version)}
        className="mb-2"
      />
    </>
  );
  return (
    <>
      <Reach serverUrl={input.serverUrl} />
      <Tabs
        label="Where it runs"
        tabs={[
          {
            id: 'node',
            label: 'Node',
            content: (
              <>
                <p className="mb-1.5">
                  On a machine with Docker, in a checkout of release{' '}
                  {input.version}:
                </p>
                <CodeBlock label="the worker command" text={commands.node} />
                <p className="mt-1.5 text-ink-2">
                  Later starts need no code: <code>npm run worker</code>.
                </p>
              </>
            ),
          },
          {
            id: 'container',
            label: 'Container',
            content: (
              <>
                {image}
                <p className="mb-1.5">Then, beside the engine it uses:</p>
                <CodeBlock
                  label="the container command"
                  text={commands.container}
                />
              </>
            ),
          },
          {
            id: 'kubernetes',
            label: 'Kubernetes',
            content: (
              <>
                {image}
                <p className="mb-1.5">
                  Push it where your cluster pulls from, put that name in place
                  of <code>{workerImage(input.version)}</code>, and apply this.
                  The engine beside the worker runs privileged; the manifest was
                  not run against a real cluster.
                </p>
                <CodeBlock
                  label="the manifest"
                  text={commands.kubernetes}
                  className="max-h-72 overflow-y-auto"
                />
              </>
            ),
          },
        ]}
      />
    </>
  );
}

function Reach({ serverUrl }: { serverUrl: string }) {
  const reach = reachOf(serverUrl);
  if (reach === 'anywhere') return null;
  return (
    <Notice
      tone={reach === 'here' ? 'warn' : 'bad'}
      title={
        reach === 'here'
          ? 'Only this machine can use this address'
          : 'No worker takes this address'
      }
      className="mb-3"
    >
      {reach === 'here'
        ? `${serverUrl} leads to the machine it is used on, and for another one it would have to be https. `
        : `${serverUrl} is plain http, and credentials travel to a worker: it refuses. `}
      Put the server behind https and set PUBLIC_URL
      {reach === 'here' ? ' for workers elsewhere' : ' first'}.
    </Notice>
  );
}
