import { testEnv } from '@/e2e/support/test-env';
import { buildKitConnection } from '@/worker/buildkit-connection';
import { buildKitEngine } from '@/worker/engine-buildkit/engine';
import { readsChangedFiles } from '@/worker/testing/changed-files';
import { matrixSuite } from '@/worker/testing/engine-matrix';
import { looksInside } from '@/worker/testing/looks-inside';
import { buildsRealSpecs } from '@/worker/testing/real-spec';

const given = testEnv().engines?.buildkit;
const engineAt = (host: string, certFolder?: string) => ({
  engine: buildKitEngine({
    connection: buildKitConnection({
      BUILDKIT_HOST: host,
      BUILDKIT_CERT_PATH: certFolder,
    }),
    addsCaCertificates: false,
  }),
  kind: 'buildkit' as const,
});

matrixSuite(
  'a BuildKit daemon on a socket',
  given,
  ({ host }) => engineAt(host),
  (engine) => {
    readsChangedFiles(engine);
    buildsRealSpecs(engine);
    looksInside(engine, 'exact');
  },
);
matrixSuite('a BuildKit daemon behind mutual TLS', given, (daemon) =>
  engineAt(daemon.tcp, daemon.certFolder),
);
