'use client';
import { cn } from '@/components/ui/cn';
import { type SpecTemplate, SPEC_TEMPLATES } from '@/lib/imagespec/templates';

/** Specs to begin from. Choosing one fills the form; nothing is saved yet. */
export function TemplatePicker({
  onChoose,
}: {
  onChoose: (template: SpecTemplate) => void;
}) {
  return (
    <fieldset className="mb-4 min-w-0">
      <legend className="mb-1.5 font-semibold">Begin from</legend>
      <div className="grid gap-2 sm:grid-cols-2 lg:grid-cols-5">
        {SPEC_TEMPLATES.map((template) => (
          <button
            key={template.id}
            type="button"
            onClick={() => onChoose(template)}
            className={cn(
              'grid content-start gap-0.5 rounded-md border bg-panel px-2.5 py-2 text-left',
              'hover:border-ink-3',
            )}
          >
            <span className="font-semibold">{template.title}</span>
            <span className="text-xs text-ink-2">{template.sentence}</span>
          </button>
        ))}
      </div>
    </fieldset>
  );
}
