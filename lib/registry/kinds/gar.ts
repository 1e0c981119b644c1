import type { ImageReference } from '@/lib/registry/reference';
import { type Guide, guide, type KindFacts, link } from './kind';

const LOCATION = /^([a-z0-9-]+)-docker\.pkg\.dev$/;
const GCR = /^(?:(us|eu|asia)\.)?gcr\.io$/;

const ACCOUNTS = 'https://console.cloud.google.com/iam-admin/serviceaccounts';
const ALLOW = {
  pull: 'Artifact Registry Reader (roles/artifactregistry.reader)',
  push: 'Artifact Registry Writer (roles/artifactregistry.writer)',
};

/** The location of a Google registry (`europe-west1`, `us`), or `null` for any other host. */
export function garLocation(host: string): string | null {
  const location = LOCATION.exec(host)?.[1];
  if (location !== undefined) return location;
  const gcr = GCR.exec(host);
  return gcr ? (gcr[1] ?? 'us') : null;
}

export const GAR: KindFacts = {
  kind: 'gar',
  name: 'Google Artifact Registry',
  hostExample: 'europe-west1-docker.pkg.dev',
  namespaceExample: 'my-project/my-repository',
  matches: (host) => garLocation(host) !== null,
  methods: [
    {
      id: 'json_key',
      method: 'gcp_key',
      label: 'Service account key',
      username: null,
      secret: {
        label: 'Key file (JSON)',
        hint: 'The whole file, as Google gave it. Only its account’s e-mail is shown again.',
        placeholder: '{ "type": "service_account", … }',
        file: { accept: '.json,application/json' },
      },
      allow: ALLOW,
      create: ({ namespace }) => {
        const project = projectOf(namespace);
        return guide(
          [
            'Make a service account, give it the role on the repository, and create a JSON key for it. An organisation policy may forbid keys.',
          ],
          [
            `gcloud iam service-accounts create imageyard --project=${project}`,
            `gcloud iam service-accounts keys create key.json --iam-account=imageyard@${project}.iam.gserviceaccount.com`,
          ],
          [link('Service accounts', `${ACCOUNTS}?project=${project}`)],
        );
      },
      life: 'The key works until it is withdrawn. Imageyard gets a token of one hour from it for every build, and again before the push.',
    },
    {
      id: 'token',
      method: 'gcp_token',
      label: 'Access token',
      username: { fixed: 'oauth2accesstoken' },
      secret: {
        label: 'Access token',
        hint: 'For trying things out: it ends within the hour, and builds fail from then on.',
        placeholder: 'ya29.…',
      },
      allow: ALLOW,
      create: () => guide([], ['gcloud auth print-access-token']),
      life: 'At most one hour.',
    },
    {
      id: 'ambient',
      method: 'gcp_ambient',
      label: 'This server’s own Google identity',
      username: null,
      secret: null,
      allow: ALLOW,
      create: () =>
        guide([
          'Nothing is stored. The service account of the machine or pod that this server runs on is used, and everyone who may build here pushes with it.',
        ]),
      life: 'As long as the server has the account.',
      isOwnerOnly: true,
    },
  ],
  onPush:
    'The repository (the second part of the path) must exist. Images inside it are made by the push.',
  limits: [
    'Access is granted for a whole repository, not for one image.',
    'A digest can be deleted only after its tags.',
    'Listing is limited to what the account may see.',
  ],
  publish,
};

function projectOf(namespace: string): string {
  const [first = '', second = ''] = namespace.split('/');
  if (first === '') return 'PROJECT';
  // A domain-scoped project is written example.com/project in a path and example.com:project elsewhere.
  return first.includes('.') ? `${first}:${second}` : first;
}

function publish({ registry, repository: path }: ImageReference): Guide {
  const project = projectOf(path);
  const isScoped = project.includes(':');
  const isGcr = GCR.test(registry);
  // Images of gcr.io live in one repository that is named after the host.
  const repository = isGcr
    ? registry
    : (path.split('/')[isScoped ? 2 : 1] ?? '');
  const place = garLocation(registry) ?? '';
  return guide(
    [
      'Google grants access to a whole repository, not to one image. An organisation policy (domain restricted sharing) may forbid it.',
    ],
    [
      `gcloud artifacts repositories add-iam-policy-binding ${repository} --project=${project} --location=${place} --member=allUsers --role=roles/artifactregistry.reader`,
    ],
    [
      link(
        'Artifact Registry',
        `https://console.cloud.google.com/artifacts/docker/${project}/${place}/${repository}?project=${project}`,
      ),
    ],
  );
}
