import type { FakeReply, FakeRequest } from './fake-registry';
import { failure, type FakeStore } from './fake-store';

/**
 * The parts of the distribution-spec beyond push, pull and tags: the catalog, deletion, mounting. `null` leaves the
 * request to the rest of the store.
 */
export function answerInventory(
  store: FakeStore,
  request: FakeRequest,
): FakeReply | null {
  const { method, path, query } = request;
  if (path === '/v2/_catalog') return catalog(store, query);
  const manifest = /^\/v2\/(.+?)\/manifests\/(.+)$/.exec(path);
  if (manifest && method === 'DELETE')
    return remove(store, manifest[1] ?? '', manifest[2] ?? '');
  const mount = query.get('mount');
  const upload = /^\/v2\/(.+?)\/blobs\/uploads\/$/.exec(path);
  if (upload && method === 'POST' && mount !== null)
    return mountBlob(store, upload[1] ?? '', mount, query.get('from') ?? '');
  return null;
}

function catalog(store: FakeStore, query: URLSearchParams): FakeReply {
  const all = [...store.repositories.keys()].sort();
  const count = Number(query.get('n') ?? 100);
  const rest = all.filter((name) => name > (query.get('last') ?? ''));
  const page = rest.slice(0, count);
  const last = page.at(-1) ?? '';
  const link = `</v2/_catalog?n=${String(count)}&last=${last}>; rel="next"`;
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      ...(rest.length > count ? { link } : {}),
    },
    body: JSON.stringify({ repositories: page }),
  };
}

function remove(store: FakeStore, name: string, reference: string): FakeReply {
  const repository = store.repositories.get(name);
  if (!repository) return failure(404, 'NAME_UNKNOWN');
  if (!reference.includes(':')) {
    return repository.tags.delete(reference)
      ? { status: 202 }
      : failure(404, 'MANIFEST_UNKNOWN');
  }
  if (!repository.manifests.delete(reference))
    return failure(404, 'MANIFEST_UNKNOWN');
  for (const [tag, digest] of repository.tags)
    if (digest === reference) repository.tags.delete(tag);
  return { status: 202 };
}

function mountBlob(
  store: FakeStore,
  name: string,
  digest: string,
  from: string,
): FakeReply | null {
  const bytes = store.repositories.get(from)?.blobs.get(digest);
  if (!bytes) return null;
  store.addBlob(name, bytes);
  return {
    status: 201,
    headers: {
      location: `/v2/${name}/blobs/${digest}`,
      'docker-content-digest': digest,
    },
  };
}
