'use client';
import { LintCard } from '@/components/specs/lint-card';
import type { Finding } from '@/lib/imagespec/lint/finding';

/** What the linter says of the form, each with the field it is about. */
export function FormChecks({
  findings,
  onFix,
}: {
  findings: readonly Finding[];
  onFix: (finding: Finding) => void;
}) {
  return (
    <LintCard
      findings={findings}
      onFix={onFix}
      onJump={({ field }) => jumpTo(field)}
    />
  );
}

/** The form's own names for fields it shows otherwise. */
const SHOWN_AS: Partial<Record<Finding['field'], string>> = {
  registry: 'registryId',
  builder_config: 'uv_image',
  requirements: 'requirementsText',
};

function jumpTo(field: Finding['field']): void {
  const name = SHOWN_AS[field] ?? field;
  const control = document.querySelector<HTMLElement>(`[name="${name}"]`);
  // A closed group opens when its summary is pressed.
  control
    ?.closest('[hidden]')
    ?.parentElement?.querySelector<HTMLElement>('button[aria-expanded]')
    ?.click();
  control?.scrollIntoView({ block: 'center' });
  control?.focus({ preventScroll: true });
}
