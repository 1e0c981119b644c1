'use client';
import { TriangleAlert } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Card, Columns, Section } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { CodeBlock } from '@/components/ui/code-block';
import { Digest } from '@/components/ui/digest';
import { Disclosure } from '@/components/ui/disclosure';
import { Fact, Facts, KeyValue, KeyValues } from '@/components/ui/facts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
} from '@/components/ui/format';
import { TextLink } from '@/components/ui/link';
import { Pager } from '@/components/ui/pager';
import { StatusChip } from '@/components/ui/status-chip';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { LinkTabs, Tabs } from '@/components/ui/tabs';
import { Elapsed, Time } from '@/components/ui/time';
import type { BuildState } from '@/lib/build/state';

const DIGEST = `sha256:9f3c41d2${'0'.repeat(48)}8a7fe21b`;
const DOCKERFILE = `FROM ghcr.io/astral-sh/uv:0.5.1 AS uv
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends git build-essential libfoo-dev && rm -rf /var/lib/apt/lists/*

ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/root
`;

type Row = {
  name: string;
  state: BuildState;
  at: string;
  tookMs: number | null;
  sizeBytes: number;
};
const ROWS: Row[] = [
  {
    name: 'etl-base',
    state: 'failed',
    at: '2026-11-23T03:20:00Z',
    tookMs: 41_800,
    sizeBytes: 0,
  },
  {
    name: 'gpu-train',
    state: 'building',
    at: '2026-11-23T03:31:00Z',
    tookMs: null,
    sizeBytes: 4_120_000_000,
  },
  {
    name: 'pricing-feature-engineering-with-a-rather-long-name',
    state: 'published',
    at: '2026-10-02T09:00:00Z',
    tookMs: 124_000,
    sizeBytes: 412_600_000,
  },
];

function BuildRows() {
  return ROWS.map((row) => (
    <Tr key={row.name}>
      <Td className="font-semibold">
        <TextLink href="/specs">{row.name}</TextLink>
      </Td>
      <Td label="Last build">
        <StatusChip state={row.state} />
      </Td>
      <Td label="Image">
        <Digest value={DIGEST} href="/images" />
      </Td>
      <Td label="When">
        <Time at={row.at} className="text-ink-2" />
      </Td>
      <Td label="Took" isNumeric>
        {row.tookMs === null ? (
          <Elapsed from={row.at} />
        ) : (
          formatDuration(row.tookMs)
        )}
      </Td>
      <Td label="Size" isNumeric>
        {row.sizeBytes === 0 ? '–' : formatBytes(row.sizeBytes)}
      </Td>
    </Tr>
  ));
}

function Head() {
  return (
    <THead>
      <Th>Spec</Th>
      <Th>Last build</Th>
      <Th>Image</Th>
      <Th>When</Th>
      <Th isNumeric>Took</Th>
      <Th isNumeric>Size</Th>
    </THead>
  );
}

export function Data() {
  return (
    <>
      <Section title="Facts">
        <Facts>
          <Fact label="Image">
            <code>ghcr.io/acme/etl-base:9fVd3Q…x2A</code>
          </Fact>
          <Fact label="Started by">you · from spec page</Fact>
          <Fact label="Worker">
            <TextLink href="/workers">build-2</TextLink> · Docker 28.5
          </Fact>
          <Fact label="Waited">{formatDuration(3000)}</Fact>
          <Fact label="Ran">{formatDuration(41_800)}</Fact>
          <Fact label="Log">{formatNumber(2318)} lines</Fact>
          <Fact label="Builds">{formatCount(1284)}</Fact>
        </Facts>
      </Section>
      <Section title="Tables" actions={<Button>Filter</Button>}>
        <Table label="Specs, scrolling">
          <Head />
          <TBody>
            <BuildRows />
          </TBody>
        </Table>
        <Pager order="time" firstHref="/builds" nextHref="/builds?after=7" />
        <Table label="Specs, stacked" narrow="stack" className="mt-3">
          <Head />
          <TBody>
            <BuildRows />
          </TBody>
        </Table>
      </Section>
      <Section title="Cards, code and logs">
        <Columns>
          <Card title="Dockerfile" actions={<Chip>read only</Chip>} isFlush>
            <CodeBlock
              text={DOCKERFILE}
              label="Dockerfile"
              hasNumbers
              marked={[3]}
              isFlush
            />
          </Card>
          <Card
            tone="warn"
            icon={<TriangleAlert aria-hidden />}
            title="Not public, and no cluster secret covers it"
            actions={<Button size="sm">Check again</Button>}
          >
            <KeyValues>
              <KeyValue label="Digest">
                <Digest value={DIGEST} />
              </KeyValue>
              <KeyValue label="Platform">linux/amd64</KeyValue>
              <KeyValue label="Checked">
                <Time at="2026-11-23T03:31:00Z" />
              </KeyValue>
            </KeyValues>
            <Disclosure
              summary="The three requests behind “denied”"
              className="mt-1"
            >
              <CodeBlock
                text="HEAD /v2/acme/etl-base/manifests/latest"
                label="request"
              />
            </Disclosure>
          </Card>
          <Card
            tone="bad"
            title="apt package “libfoo-dev” was not found"
            isFlush
          >
            <div className="bg-log py-1.5">
              <div className="log-line">
                <span data-gutter>412</span>
                <span data-gutter>+12.40</span>Building dependency tree...
              </div>
              <div className="log-line" data-selected>
                <span data-gutter>413</span>
                <span data-gutter>+12.91</span>Reading state information...
              </div>
              <div className="log-line" data-hit data-tone="bad">
                <span data-gutter>414</span>
                <span data-gutter>+12.93</span>E: Unable to locate package
                libfoo-dev
              </div>
              <div className="log-line">
                <span data-gutter>415</span>
                <span data-gutter>+12.95</span>
                <span>
                  <b className="text-ansi-red">red</b>{' '}
                  <b className="text-ansi-green">green</b>{' '}
                  <b className="text-ansi-yellow">yellow</b>{' '}
                  <b className="text-ansi-blue">blue</b>{' '}
                  <b className="text-ansi-magenta">magenta</b>{' '}
                  <b className="text-ansi-cyan">cyan</b>{' '}
                  <b className="text-ansi-white">white</b>{' '}
                  <b className="text-ansi-black">black</b>
                </span>
              </div>
            </div>
          </Card>
          <Card title="A card without a body" />
        </Columns>
      </Section>
      <Section title="Tabs">
        <LinkTabs
          label="Pages of etl-base"
          current="/dev/ui"
          tabs={[
            { href: '/dev/ui', label: 'Definition' },
            { href: '/specs', label: 'Revisions', count: 14 },
            { href: '/builds', label: 'Builds', count: 22 },
          ]}
        />
        <div className="mt-4">
          <Tabs
            label="Parts of the image"
            tabs={[
              {
                id: 'layers',
                label: 'Layers',
                count: 9,
                content: 'The layers.',
              },
              {
                id: 'config',
                label: 'Configuration',
                content: 'The configuration.',
              },
            ]}
          />
        </div>
      </Section>
    </>
  );
}
