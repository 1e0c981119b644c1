import type { Readable } from 'node:stream';
import type { Session } from './session';
import {
  beginUpload,
  deleteManifest,
  type ManifestBytes,
  putManifest,
  sendBlob,
  streamBlob,
} from './write';

type BlobSource = {
  /** Another repository of the same registry that holds it, to be mounted from. */
  mountFrom: string | null;
  /** Opens the content and hands it to `send`; not called when the blob was mounted. */
  read: (send: (body: Readable) => Promise<void>) => Promise<void>;
};

/** What changes a registry, and the reading that goes with it. */
export type RegistryWriter = {
  putManifest: (
    repository: string,
    reference: string,
    manifest: ManifestBytes,
    digest: string,
    signal?: AbortSignal,
  ) => Promise<{ knowsSubject: boolean }>;
  /** Deletes a tag or a digest. Throws `REGISTRY_UNSUPPORTED` where the registry does not. */
  deleteManifest: (
    repository: string,
    reference: string,
    signal?: AbortSignal,
  ) => Promise<void>;
  /** Puts a blob there: mounted where that goes, else sent. */
  pushBlob: (
    repository: string,
    blob: { digest: string; sizeBytes: number },
    source: BlobSource,
    signal?: AbortSignal,
  ) => Promise<'mounted' | 'sent'>;
  /** Reads a blob of any size piece by piece; its hash is the consumer's to check. */
  streamBlob: (
    repository: string,
    digest: string,
    consume: (body: Readable) => Promise<void>,
    signal?: AbortSignal,
  ) => Promise<void>;
};

export function writeVerbs(session: Session): RegistryWriter {
  return {
    putManifest: (repository, reference, manifest, digest, signal) =>
      putManifest(session, repository, reference, manifest, digest, signal),
    deleteManifest: (repository, reference, signal) =>
      deleteManifest(session, repository, reference, signal),
    pushBlob: async (repository, blob, { mountFrom, read }, signal) => {
      const upload = await beginUpload(
        session,
        repository,
        blob.digest,
        mountFrom,
        signal,
      );
      if (upload === null) return 'mounted';
      await read((body) =>
        sendBlob(session, repository, upload, blob, body, signal),
      );
      return 'sent';
    },
    streamBlob: (repository, digest, consume, signal) =>
      streamBlob(session, repository, digest, consume, signal),
  };
}
