import { KeyRound, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { ExpiryChip } from '@/components/registries/expiry-chip';
import { PURPOSES } from '@/components/registries/purposes';
import { ALERT_LOOKS } from '@/components/alerts/alert-rows';
import { cn } from '@/components/ui/cn';
import { TextLink } from '@/components/ui/link';
import { Table, TBody, Td, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { OverviewView } from '@/lib/build/views';
import type { CredentialAttentionView } from '@/lib/registry/views';
import { alertWords } from '@/lib/registry/alerts';

// On a phone the short cells share a line.
const PHONE = 'max-sm:inline-flex! max-sm:px-0! max-sm:mr-3';

/** What needs a person: nothing can build, a credential fails or ends, or a spec's last build failed. */
export function Attention({
  overview: { blocked, failing, credentials, alerts },
}: {
  overview: OverviewView;
}) {
  return (
    <Table label="Needs attention" narrow="stack">
      <TBody>
        {blocked !== null && (
          <Row
            icon={<TriangleAlert aria-hidden className="text-warn" />}
            text={
              <>
                <b className="font-semibold">Nothing can build.</b> {blocked}
              </>
            }
            link={<TextLink href="/workers">Workers</TextLink>}
          />
        )}
        {credentials.map((credential) => (
          <CredentialRow
            key={`${credential.registry.id} ${credential.purpose}`}
            credential={credential}
          />
        ))}
        {alerts.map(({ id, detail, raisedAt }) => {
          const words = alertWords(detail);
          const { Icon, ink } = ALERT_LOOKS[words.tone];
          const [first] = words.links;
          return (
            <Row
              key={id}
              icon={<Icon aria-hidden className={ink} />}
              text={
                <>
                  <b className="font-semibold">{words.title}.</b> {words.text}
                </>
              }
              time={<Time at={raisedAt} />}
              link={
                first && <TextLink href={first.href}>{first.label}</TextLink>
              }
            />
          );
        })}
        {failing.map((build) => (
          <Row
            key={build.id}
            icon={<X aria-hidden className="text-bad" />}
            text={
              <>
                <TextLink
                  href={`/specs/${build.spec.id}`}
                  className="font-semibold"
                >
                  {build.spec.name}
                </TextLink>{' '}
                <span className="text-ink-3 tabular-nums">#{build.number}</span>{' '}
                {build.failure?.message ?? 'It failed.'}
              </>
            }
            detail={`revision ${build.revision.number}${build.startedBy === null ? '' : ` · ${build.startedBy}`}`}
            time={<Time at={build.finishedAt ?? build.createdAt} />}
            link={
              <TextLink
                href={`/builds/${build.id}`}
                aria-label={`See why build ${build.number} failed`}
              >
                See why
              </TextLink>
            }
          />
        ))}
      </TBody>
    </Table>
  );
}

function CredentialRow({
  credential: { registry, purpose, failure, failingSince, expiresAt },
}: {
  credential: CredentialAttentionView;
}) {
  return (
    <Row
      icon={
        failure === null ? (
          <TriangleAlert aria-hidden className="text-warn" />
        ) : (
          <KeyRound aria-hidden className="text-bad" />
        )
      }
      text={
        <>
          <TextLink
            href={`/registries/${registry.id}`}
            className="font-semibold"
          >
            {registry.name}
          </TextLink>{' '}
          {failure ??
            `The ${PURPOSES[purpose].word} credential is about to end.`}
        </>
      }
      detail={
        failure === null ? (
          <ExpiryChip expiresAt={expiresAt} />
        ) : (
          `${PURPOSES[purpose].word} credential`
        )
      }
      time={failingSince && <Time at={failingSince} />}
      link={
        <TextLink
          href={`/registries/${registry.id}`}
          aria-label={`Replace the ${PURPOSES[purpose].word} credential of ${registry.name}`}
        >
          Replace
        </TextLink>
      }
    />
  );
}

function Row({
  icon,
  text,
  detail,
  time,
  link,
}: {
  icon: ReactNode;
  text: ReactNode;
  detail?: ReactNode;
  time?: ReactNode;
  link: ReactNode;
}) {
  return (
    <Tr className="max-sm:px-3">
      <Td className="max-sm:px-0! sm:w-full">
        <span className="flex items-start gap-2 [&>svg]:mt-[3px] [&>svg]:size-3.5 [&>svg]:shrink-0">
          {icon}
          <span>{text}</span>
        </span>
      </Td>
      <Td
        className={cn(
          PHONE,
          'whitespace-nowrap text-ink-2',
          detail === undefined && 'max-sm:hidden!',
        )}
      >
        {detail}
      </Td>
      <Td
        isNumeric
        className={cn(
          PHONE,
          'text-ink-2',
          time === undefined && 'max-sm:hidden!',
        )}
      >
        {time}
      </Td>
      <Td isNumeric className={PHONE}>
        {link}
      </Td>
    </Tr>
  );
}
