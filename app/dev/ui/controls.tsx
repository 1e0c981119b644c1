'use client';
import { Hammer, Plus, RotateCw, Trash2 } from 'lucide-react';
import { Button, ButtonLink } from '@/components/ui/button';
import { Section } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { Kbd } from '@/components/ui/kbd';
import { ExternalLink, TextLink } from '@/components/ui/link';
import { Spinner } from '@/components/ui/spinner';
import { Tooltip } from '@/components/ui/tooltip';

const VARIANTS = ['primary', 'plain', 'danger', 'destroy', 'ghost'] as const;

function Row({ children }: { children: React.ReactNode }) {
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">{children}</div>
  );
}

export function Controls() {
  return (
    <Section title="Buttons and links">
      <Row>
        {VARIANTS.map((variant) => (
          <Button key={variant} variant={variant}>
            {variant}
          </Button>
        ))}
        {VARIANTS.map((variant) => (
          <Button key={variant} variant={variant} size="sm">
            {variant}
          </Button>
        ))}
      </Row>
      <Row>
        {VARIANTS.map((variant) => (
          <Button key={variant} variant={variant} isPending>
            {variant}
          </Button>
        ))}
        <Button icon={<Hammer aria-hidden />} variant="primary" isPending>
          Build
        </Button>
      </Row>
      <Row>
        {VARIANTS.map((variant) => (
          <Button
            key={variant}
            variant={variant}
            disabledReason="No worker is connected."
          >
            {variant}
          </Button>
        ))}
      </Row>
      <Row>
        <Button icon={<Hammer aria-hidden />} variant="primary">
          Build
        </Button>
        <Button icon={<Trash2 aria-hidden />} variant="danger">
          Archive…
        </Button>
        <ButtonLink href="/specs/new" icon={<Plus aria-hidden />}>
          New spec
        </ButtonLink>
        <Tooltip text="Check again">
          <Button icon={<RotateCw aria-hidden />} aria-label="Check again" />
        </Tooltip>
        <Button
          icon={<RotateCw aria-hidden />}
          variant="ghost"
          size="sm"
          aria-label="Check again"
        />
        <CopyButton text="ghcr.io/acme/etl-base" label="reference" hasLabel />
        <CopyButton text="ghcr.io/acme/etl-base" label="reference" />
        <Spinner />
        <Kbd>Ctrl K</Kbd>
        <TextLink href="/builds">build #1284</TextLink>
        <ExternalLink href="https://example.com/">
          package settings
        </ExternalLink>
      </Row>
    </Section>
  );
}
