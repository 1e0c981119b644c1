'use client';
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button';
import { Card, Columns } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { Notice } from '@/components/ui/notice';
import { Tabs } from '@/components/ui/tabs';
import { AppError } from '@/lib/errors';
import type { SpecView } from '@/lib/build/spec-views';
import { filesOf } from '@/lib/imagespec/definition';
import { toCondaEnvironment } from '@/lib/imagespec/export/conda';
import type {
  ExportedFile,
  ExportInput,
} from '@/lib/imagespec/export/dependencies';
import { imageLines } from '@/lib/imagespec/export/image-lines';
import { toPyproject } from '@/lib/imagespec/export/pyproject';
import { toRequirementsTxt } from '@/lib/imagespec/export/requirements-txt';
import { specQueries } from '@/lib/queries/specs';

/** How to use the spec elsewhere: in tasks, on a laptop, in a new project. */
export function SpecUse({ specId }: { specId: string }) {
  const { data: spec } = useQuery(specQueries.detail(specId));
  if (!spec) return null;
  return (
    <Columns>
      <div className="grid min-w-0 gap-4">
        <ImageLinesCard spec={spec} />
        <Card title="A project to begin with">
          <div className="grid gap-2">
            <p className="text-ink-2">
              A workflow with this ImageSpec and a task that runs in it, the
              packages for a laptop, and a README.
            </p>
            <div>
              <ButtonLink
                href={`/api/specs/${specId}/starter`}
                icon={<Download aria-hidden />}
                download
                prefetch={false}
              >
                Download the project
              </ButtonLink>
            </div>
          </div>
        </Card>
      </div>
      <LaptopCard spec={spec} />
    </Columns>
  );
}

function ImageLinesCard({ spec }: { spec: SpecView }) {
  const { revision, published } = spec;
  const isBuilt = published?.revision === revision.number;
  const lines = imageLines(spec.name, {
    repository: revision.imageName,
    tag: revision.tag,
    digest: isBuilt ? published.digest : null,
  });
  return (
    <Card title="In tasks and registrations">
      <div className="grid gap-3">
        {lines.pinned === null ? (
          <Notice title={`Revision ${revision.number} is not built yet`}>
            These lines name its tag. Once it is published they name the digest,
            which stays the same image for ever.
          </Notice>
        ) : (
          <Lines
            title="A task, pinned to these bytes"
            text={lines.pinned}
            label="pinned container_image"
          />
        )}
        <Lines
          title="config.yaml"
          text={lines.config}
          label="image configuration"
        />
        <Lines
          title="pyflyte run or register"
          text={`${lines.namedOption}\n${lines.defaultOption}`}
          label="command line options"
        />
        <Lines
          title="A task, by that name"
          text={lines.template}
          label="container_image template"
        />
      </div>
    </Card>
  );
}

function Lines({
  title,
  text,
  label,
}: {
  title: string;
  text: string;
  label: string;
}) {
  return (
    <div className="grid min-w-0 gap-1">
      <h3 className="font-semibold">{title}</h3>
      <CodeBlock text={text.trimEnd()} label={label} />
    </div>
  );
}

const EXPORTS = [
  { id: 'requirements', label: 'requirements.txt', read: toRequirementsTxt },
  { id: 'pyproject', label: 'pyproject.toml', read: toPyproject },
  { id: 'conda', label: 'environment.yml', read: toCondaEnvironment },
] as const;

/** The same packages for a laptop. */
function LaptopCard({ spec }: { spec: SpecView }) {
  const { revision } = spec;
  const input: ExportInput = {
    spec: revision.fields,
    files: filesOf(revision.fields, revision),
    baseFiles: revision.baseFiles,
    flytekitVersion: revision.flytekitVersion,
  };
  return (
    <Card title="The same packages on a laptop">
      <Tabs
        label="Dependency files"
        tabs={EXPORTS.map(({ id, label, read }) => ({
          id,
          label,
          content: <Exported label={label} file={tryExport(read, input)} />,
        }))}
      />
    </Card>
  );
}

function tryExport(
  read: (input: ExportInput) => ExportedFile,
  input: ExportInput,
): ExportedFile | string {
  try {
    return read(input);
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

function Exported({
  label,
  file,
}: {
  label: string;
  file: ExportedFile | string;
}) {
  if (typeof file === 'string')
    return (
      <Notice tone="warn" title={`There is no ${label} for this spec.`}>
        {file}
      </Notice>
    );
  return (
    <div className="grid min-w-0 gap-2">
      <CodeBlock text={file.text.trimEnd()} label={label} />
      {file.notes.length > 0 && (
        <ul className="list-disc pl-4 text-xs text-ink-2">
          {file.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
