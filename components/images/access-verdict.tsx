import { AccessEvidence } from '@/components/images/access-evidence';
import { VerdictChip } from '@/components/images/verdict-chip';
import { CodeBlock } from '@/components/ui/code-block';
import { ExternalLink, TextLink } from '@/components/ui/link';
import { Time } from '@/components/ui/time';
import { judgeAccess } from '@/lib/registry/access';
import { type VerdictView, verdictView } from '@/lib/registry/access-view';
import { parseReference } from '@/lib/registry/reference';
import type { AccessView } from '@/lib/registry/views';

/** An answer in words, from the evidence that it rests on. */
export function toVerdictView({ evidence, platform }: AccessView): VerdictView {
  const reference =
    evidence.referenceFault === null
      ? parseReference(evidence.reference)
      : null;
  return verdictView(judgeAccess(evidence), reference, platform);
}

const NEEDS_SECRET = ['private', 'private_or_missing'];

/** One answer: the verdict, why, the provider's own way to mend it, and the requests behind it. */
export function AccessVerdict({
  access,
  registry = null,
  subject,
}: {
  access: AccessView;
  /** The team's registry, where its credentials and the cluster's secret are. */
  registry?: { id: string; name: string } | null;
  /** Whose answer it is, where more than one is shown. */
  subject?: string;
}) {
  const view = toVerdictView(access);
  return (
    <>
      {subject !== undefined && <p className="text-xs text-ink-3">{subject}</p>}
      <div className="flex flex-wrap items-center gap-2">
        <VerdictChip verdict={access.verdict} />
        <b>{view.title}</b>
      </div>
      <p className="wrap-anywhere text-ink-2">{view.explanation}</p>
      {view.advice.length > 0 && (
        <ul className="list-disc pl-4 wrap-anywhere">
          {view.advice.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {view.guide && <Guide guide={view.guide} />}
      {registry && NEEDS_SECRET.includes(access.verdict) && (
        <p>
          Or keep it private and give the cluster its pull secret, from{' '}
          <TextLink href={`/registries/${registry.id}`}>
            {registry.name}
          </TextLink>
          .
        </p>
      )}
      <p className="text-xs text-ink-3">
        Looked from this server, for {access.platform},{' '}
        <Time at={access.checkedAt} />. The answer has been this since{' '}
        <Time at={access.changedAt} />.
        {access.isStale &&
          ' A newer look was turned away by a rate limit; this is the answer before it.'}
      </p>
      <AccessEvidence evidence={access.evidence} />
    </>
  );
}

function Guide({ guide }: { guide: NonNullable<VerdictView['guide']> }) {
  return (
    <div className="grid grid-cols-1 gap-2">
      <ol className="list-decimal pl-4 wrap-anywhere">
        {guide.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {guide.commands.map((command) => (
        <CodeBlock key={command} text={command} label="Command" />
      ))}
      {guide.links.length > 0 && (
        <p className="flex flex-wrap gap-3">
          {guide.links.map(({ label, url }) => (
            <ExternalLink key={url} href={url}>
              {label}
            </ExternalLink>
          ))}
        </p>
      )}
    </div>
  );
}
