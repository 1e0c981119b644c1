'use client';
import { useState } from 'react';
import { CodeEditor } from '@/components/code/code-editor';
import { CodeView } from '@/components/code/code-view';
import { Button } from '@/components/ui/button';
import { Card, Section } from '@/components/ui/card';
import { type ImageSpec, parseImageSpec } from '@/lib/imagespec/schema';

const SPEC = parseImageSpec({
  name: 'train',
  python_version: '3.12',
  registry: 'ghcr.io/acme',
  packages: ['pandas==2.2.1', "numpy<2; python_version < '3.13'"],
  apt_packages: ['git', 'curl'],
  env: [['MESSAGE', 'two "words"']],
  requirements: 'requirements.txt',
  base_image: { name: 'base', apt_packages: ['libpq-dev'] },
});
const FAULTY = `from flytekit import ImageSpec

# The image of the training.
image_spec = ImageSpec(
    name="train",
    python_version=3.10,
    packages=["pandas", "--pre"],
    debug=True,
)
`;

export function Code() {
  const [spec, setSpec] = useState<ImageSpec>(SPEC);
  const [isFaulty, setFaulty] = useState(false);
  const addPackage = () =>
    setSpec({ ...spec, packages: [...(spec.packages ?? []), 'scipy'] });
  return (
    <Section title="Code">
      <Card
        title="A spec as code, in step with a form"
        actions={
          <>
            <Button size="sm" onClick={() => setFaulty(!isFaulty)}>
              {isFaulty ? 'Mend the form' : 'Break the form'}
            </Button>
            <Button size="sm" onClick={addPackage}>
              Add scipy in the form
            </Button>
          </>
        }
      >
        <CodeView
          spec={isFaulty ? null : spec}
          files={{}}
          onSpec={(next) => {
            setSpec(next);
            setFaulty(false);
          }}
        />
        <p
          className="pt-2 text-xs break-all text-ink-3"
          data-testid="form-spec"
        >
          {JSON.stringify(spec)}
        </p>
      </Card>
      <Card title="Problems at their lines">
        <CodeEditor
          value={FAULTY}
          language="python"
          label="Python code with faults"
          problems={[
            {
              line: 6,
              field: 'python_version',
              message:
                'python_version is the number 3.1: put quotes around 3.10.',
              severity: 'warning',
            },
            {
              line: 8,
              field: 'debug',
              message: 'debug: flytekit’s ImageSpec has no such field.',
              severity: 'error',
            },
          ]}
          isReadOnly
        />
      </Card>
    </Section>
  );
}
