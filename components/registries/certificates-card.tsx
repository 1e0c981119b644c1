import { ExpiryChip } from '@/components/registries/expiry-chip';
import { Card } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { Disclosure } from '@/components/ui/disclosure';
import { Time } from '@/components/ui/time';
import { engineTrustCommands } from '@/lib/registry/engine-trust';
import type { RegistryView } from '@/lib/registry/views';

/** The registry's own certificates, and what engines need to trust them as well. */
export function CertificatesCard({ registry }: { registry: RegistryView }) {
  const { host, certificates, caCertificates } = registry;
  return (
    <Card title="Trusted for this registry alone">
      <ul className="grid gap-2">
        {certificates.map((certificate) => (
          <li key={certificate.fingerprint} className="min-w-0">
            <p className="break-words">{certificate.subject}</p>
            <p className="flex flex-wrap items-center gap-2 text-xs text-ink-3">
              {certificate.isAuthority ? 'authority' : 'itself alone'}, ends{' '}
              <Time at={certificate.expiresAt} />
              <ExpiryChip expiresAt={certificate.expiresAt} />
            </p>
            <p
              className="truncate font-mono text-2xs text-ink-3"
              title={certificate.fingerprint}
            >
              {certificate.fingerprint}
            </p>
          </li>
        ))}
      </ul>
      <p className="mt-3 text-ink-2">
        Imageyard and its workers trust them. The Docker engine of a worker
        pulls and pushes by itself, so builds fail until it trusts them, too.
      </p>
      {caCertificates !== null && (
        <Disclosure summary="Make an engine trust them" className="mt-1">
          <div className="grid gap-2">
            <p className="text-ink-2">
              Run this on the machine of each worker’s engine. It holds from the
              next pull on, without a restart.
            </p>
            <CodeBlock
              label="commands for the engine’s machine"
              text={engineTrustCommands(host, caCertificates)}
              className="max-h-60 overflow-y-auto"
            />
          </div>
        </Disclosure>
      )}
    </Card>
  );
}
