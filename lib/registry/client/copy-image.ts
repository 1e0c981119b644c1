import type { FetchedManifest } from '@/lib/registry/client';
import { RegistryError } from '@/lib/registry/errors';
import type { Blob } from '@/lib/registry/manifest';
import { type BlobEnds, copyBlob } from './copy-blob';
import { type CopyPlan, planCopy } from './copy-plan';
import { addReferrer } from './fallback-tag';
import { findDigest } from './find-digest';

const CONCURRENCY = 3;

export type CopyOptions = BlobEnds & {
  /** The digest to copy. */
  digest: string;
  /** The tag to put it under; `null` leaves it under its digest alone. */
  tag: string | null;
  /** Signatures, SBOMs and the like that refer to it go with it. */
  withReferrers: boolean;
  signal: AbortSignal;
  onProgress?: (progress: CopyProgress) => void;
};

export type CopyProgress = {
  phase: 'reading' | 'blobs' | 'manifests' | 'done';
  blobs: { done: number; total: number };
  /** Of blobs, compressed; what was there already or mounted counts as gone over. */
  bytes: { done: number; total: number };
  manifests: { done: number; total: number };
  /** How many signatures, SBOMs and the like were found at the source, and go with it. */
  referrers: number;
  /** Tags of cosign's that point to something else at the target, and were left as they are. */
  keptTags: string[];
};

export type CopyResult = {
  digest: string;
  manifests: number;
  blobs: { present: number; mounted: number; sent: number };
  /** Named by the copy as by the original, and held by neither registry. */
  foreignLayers: string[];
};

/**
 * Copies an image with all of its parts from one registry to another, or within one, and reads the digest back.
 * Manifests go over as the bytes they are, so every digest stays. Blobs first, then parts, then the index. An abort
 * throws the signal's reason; what went over by then stays, without a tag, and a later copy takes up from it. Throws
 * `RegistryError`.
 */
export async function copyImage(options: CopyOptions): Promise<CopyResult> {
  const { from, to, digest, tag, signal, withReferrers } = options;
  const progress: CopyProgress = {
    phase: 'reading',
    blobs: { done: 0, total: 0 },
    bytes: { done: 0, total: 0 },
    manifests: { done: 0, total: 0 },
    referrers: 0,
    keptTags: [],
  };
  const tell = () => options.onProgress?.(structuredClone(progress));
  tell();
  const plan = await planCopy({ ...from, digest }, withReferrers, signal);
  progress.phase = 'blobs';
  progress.blobs.total = plan.blobs.length;
  progress.bytes.total = sumOf(plan.blobs);
  progress.manifests.total = plan.manifests.length;
  progress.referrers = plan.referrers;
  tell();
  const blobs = await copyBlobs(options, plan, progress, tell);
  progress.phase = 'manifests';
  tell();
  for (const fetched of inOrder(plan)) {
    signal.throwIfAborted();
    await putOne(options, fetched, fetched === plan.top ? tag : null);
    progress.manifests.done += 1;
    tell();
    for (const name of tagsOf(plan, fetched))
      if (!(await putTag(options, fetched, name))) progress.keptTags.push(name);
  }
  const there = await to.client.headManifest(
    to.repository,
    tag ?? digest,
    signal,
  );
  if (there.digest !== digest) {
    throw new RegistryError(
      'REGISTRY_INVALID_ANSWER',
      `${to.client.registry} gives ${there.digest} for what was copied as ${digest}. Somebody may have moved the tag meanwhile.`,
    );
  }
  progress.phase = 'done';
  tell();
  return {
    digest,
    manifests: plan.manifests.length,
    blobs,
    foreignLayers: plan.foreignLayers,
  };
}

/** What refers to the image is put there before its tag appears: who pulls by tag finds it signed. */
function inOrder({ manifests, top }: CopyPlan): FetchedManifest[] {
  return [...manifests.filter((one) => one !== top), top];
}

async function copyBlobs(
  options: CopyOptions,
  plan: CopyPlan,
  progress: CopyProgress,
  tell: () => void,
): Promise<CopyResult['blobs']> {
  const ways = { present: 0, mounted: 0, sent: 0 };
  const queue = [...plan.blobs].sort((a, b) => b.sizeBytes - a.sizeBytes);
  const sent = new Map<string, number>();
  const failures: unknown[] = [];
  const count = (blob: Blob, doneBytes: number) => {
    progress.bytes.done += doneBytes - (sent.get(blob.digest) ?? 0);
    sent.set(blob.digest, doneBytes);
    tell();
  };
  const work = async () => {
    for (
      let blob = queue.shift();
      blob !== undefined && failures.length === 0;
      blob = queue.shift()
    ) {
      const one = blob;
      const onBytes = (doneBytes: number) => count(one, doneBytes);
      ways[await copyBlob(options, one, onBytes, options.signal)] += 1;
      progress.blobs.done += 1;
      count(one, one.sizeBytes);
    }
  };
  const lanes = Array.from({ length: CONCURRENCY }, () =>
    work().catch((error: unknown) => void failures.push(error)),
  );
  await Promise.all(lanes);
  options.signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return ways;
}

async function putOne(
  { to, signal }: CopyOptions,
  fetched: FetchedManifest,
  tag: string | null,
): Promise<void> {
  const { digest, manifest } = fetched;
  const { knowsSubject } = await to.client.putManifest(
    to.repository,
    tag ?? digest,
    fetched,
    digest,
    signal,
  );
  const subject = 'subject' in manifest ? manifest.subject : null;
  if (subject !== null && !knowsSubject)
    await addReferrer(to, subject, fetched, signal);
}

const tagsOf = ({ tags }: CopyPlan, { digest }: FetchedManifest) =>
  tags.filter((one) => one.digest === digest).map(({ tag }) => tag);

/** Puts a tag of cosign's there, unless one points to something else: signatures made there are not lost. */
async function putTag(
  { to, signal }: CopyOptions,
  fetched: FetchedManifest,
  tag: string,
): Promise<boolean> {
  const { digest } = fetched;
  const there = await findDigest(to, tag, signal);
  if (there === null)
    await to.client.putManifest(to.repository, tag, fetched, digest, signal);
  return there === null || there === digest;
}

function sumOf(blobs: readonly Blob[]): number {
  return blobs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
