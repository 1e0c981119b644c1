import { Card } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';

/** How a worker comes to be: by itself beside the server, or by hand on another machine. */
export function ConnectWorker({ serverUrl }: { serverUrl: string }) {
  const isPlainHttp = serverUrl.startsWith('http://');
  return (
    <Card title="Connect a worker" className="mt-6">
      <p>
        <code>npm start</code> starts a worker on this server by itself as soon
        as Docker answers there. A worker only dials out: it needs no open port
        and no database.
      </p>
      <p className="mt-3">
        To build on another machine that has Docker, copy{' '}
        <code>worker/secret</code> from this server&apos;s data folder to it,
        readable by its user only, and run there, in a checkout of the same
        release:
      </p>
      <div className="mt-2">
        <CodeBlock
          label="the worker command"
          text={`npm run worker -- --server ${serverUrl} --secret-file FILE`}
        />
      </div>
      {isPlainHttp && (
        <p className="mt-2 text-ink-2">
          The address is this server&apos;s <code>PUBLIC_URL</code>. A worker on
          another machine talks https only, because credentials travel to it:
          put the server behind https first.
        </p>
      )}
    </Card>
  );
}
