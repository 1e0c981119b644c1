'use client';
import { type ReactNode, useMemo, useState } from 'react';
import type { Assessment } from '@/components/specs/assess';
import {
  askedOf,
  newLines,
  type Preview,
  readPreview,
  tellTag,
} from '@/components/specs/preview';
import {
  DockerfileCard,
  NotesCard,
  TagCard,
} from '@/components/specs/preview-cards';
import { TextLink } from '@/components/ui/link';
import { Tabs } from '@/components/ui/tabs';
import type { HelperImages } from '@/lib/imagespec/helper-images';
import type { RevisionView } from '@/lib/imagespec/views';

/** Name, tag and Dockerfile of what is typed. While it holds a fault, the last that held none, dimmed. */
export function FormPreview({
  assessment,
  isNamed,
  current,
  helpers,
  teamFlytekit,
  code,
  checks,
  toLookAt,
}: {
  assessment: Assessment;
  /** Without a name the image has none to show. */
  isNamed: boolean;
  current: RevisionView | null;
  helpers: HelperImages;
  /** The flytekit of specs that name none. */
  teamFlytekit: string;
  code: ReactNode;
  checks: ReactNode;
  /** How many checks found something that should be looked at. */
  toLookAt: number;
}) {
  const [last, setLast] = useState<Preview | null>(null);
  if (assessment.ok && assessment.preview !== last) setLast(assessment.preview);
  const preview = assessment.ok ? assessment.preview : last;
  const faults = assessment.ok ? 0 : Object.keys(assessment.errors).length;

  const before = useMemo(() => {
    const reading = current && readPreview(askedOf(current), helpers);
    return reading?.ok ? reading.preview.dockerfile : null;
  }, [current, helpers]);
  const marked = useMemo(
    () =>
      preview && before !== null ? newLines(preview.dockerfile, before) : [],
    [preview, before],
  );
  const story = useMemo(
    () =>
      assessment.ok
        ? tellTag(
            {
              ...assessment.definition,
              flytekitVersion:
                assessment.definition.flytekitVersion ?? teamFlytekit,
              tag: assessment.preview.tag,
            },
            current,
          )
        : null,
    [assessment, current, teamFlytekit],
  );
  return (
    <div className="grid min-w-0 content-start gap-4">
      <div className="z-[1] bg-bg lg:sticky lg:top-11 lg:-mt-3 lg:pt-3">
        <TagCard
          preview={isNamed ? preview : null}
          story={isNamed ? story : null}
          base={current?.number ?? null}
          faults={faults}
        />
      </div>
      <Tabs
        label="What it becomes"
        tabs={[
          {
            id: 'dockerfile',
            label: 'Dockerfile',
            content: preview && (
              <div className="grid gap-4">
                <NotesCard notes={preview.notes} />
                <DockerfileCard
                  text={preview.dockerfile}
                  marked={marked}
                  isOld={faults > 0}
                >
                  {marked.length > 0 && current && (
                    <p>Marked lines are new since revision {current.number}.</p>
                  )}
                  {(helpers.uv ?? helpers.micromamba) !== null && (
                    <p>
                      The{' '}
                      <TextLink href="/specs/defaults">
                        team&apos;s helper images
                      </TextLink>{' '}
                      are in it.
                    </p>
                  )}
                </DockerfileCard>
              </div>
            ),
          },
          { id: 'code', label: 'Code', content: code },
          {
            id: 'checks',
            label: 'Checks',
            ...(toLookAt > 0 ? { count: toLookAt } : {}),
            content: checks,
          },
        ]}
      />
    </div>
  );
}
