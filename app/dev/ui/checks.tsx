'use client';
import { useState } from 'react';
import { LintCard } from '@/components/specs/lint-card';
import { TagCalculator } from '@/components/specs/tag-calculator';
import { Columns, Section } from '@/components/ui/card';
import { DEFAULT_FLYTEKIT_VERSION } from '@/lib/imagespec/defaults';
import { lintSpec } from '@/lib/imagespec/lint/lint';
import {
  possibleTags,
  type TagExistence,
} from '@/lib/imagespec/releases/revision-tags';
import { emptySpec, type ImageSpec } from '@/lib/imagespec/schema';

const FAULTY: ImageSpec = {
  ...emptySpec(),
  name: 'pricing-etl',
  registry: 'https://ghcr.io/acme',
  base_image: 'europe-west4-docker.pkg.dev/acme-production-eu/ml/base:latest',
  cuda: '12.1',
  packages: ['pandas', 'numpy>=2', 'flytekit==1.16.31'],
  apt_packages: ['git'],
  env: [['DB_PASSWORD', 'hunter2']],
  commands: ['uv pip install requests==2.32.3'],
};

const REVISION = {
  fields: {
    ...emptySpec(),
    name: 'pricing-etl',
    registry: 'localhost:30000',
    commands: ['make'],
  },
  digests: {},
  requirements: null,
};
const DIGEST = `sha256:${'9f3c'.repeat(16)}`;
const NOT_KNOWN = 'localhost:30000 did not answer within 10 s.';
const EXISTENCE: TagExistence[] = possibleTags(REVISION).map((tag, index) =>
  index % 3 === 0
    ? { tag, state: 'exists', digest: DIGEST }
    : index % 3 === 1
      ? { tag, state: 'missing' }
      : { tag, state: 'unknown', reason: NOT_KNOWN },
);

/** What is said of a spec: by the linter, and of its tags. */
export function Checks() {
  const [spec, setSpec] = useState(FAULTY);
  const findings = lintSpec({
    spec,
    requirements: null,
    context: {
      clusterPlatforms: ['linux/arm64'],
      flytekitVersion: DEFAULT_FLYTEKIT_VERSION,
      others: [],
    },
  });
  return (
    <>
      <Section title="Lint">
        <Columns>
          <LintCard
            findings={findings}
            onJump={() => undefined}
            onFix={({ fix }) =>
              setSpec((before) => fix?.apply(before) ?? before)
            }
          />
          <LintCard findings={[]} />
        </Columns>
      </Section>
      <Section title="Tags by flytekit release">
        <div className="grid gap-4">
          <TagCalculator
            revision={REVISION}
            existence={{ tags: EXISTENCE, askedAt: '' }}
            notKnown={NOT_KNOWN}
            isAsking={false}
            onAsk={() => undefined}
          />
          <TagCalculator
            revision={{
              ...REVISION,
              fields: { ...emptySpec(), copy: ['data'] },
            }}
            existence={undefined}
            notKnown={undefined}
            isAsking
            onAsk={() => undefined}
          />
        </div>
      </Section>
    </>
  );
}
