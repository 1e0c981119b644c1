import { isLoopbackHost } from '@/lib/registry/loopback';

/** What to run where a worker shall build. Each holds the one-time code, and works until it ends. */
export type ConnectCommands = {
  /** In a checkout of the same release, on a machine with Docker. */
  node: string;
  /** Beside the Docker engine it uses. */
  container: string;
  /** A stateful set with an engine of its own. */
  kubernetes: string;
};

export type ConnectInput = {
  serverUrl: string;
  code: string;
  /** As the team calls it: letters, digits, `.`, `_`, `-`. */
  name: string;
  version: string;
};

/** The image that `worker/Dockerfile` makes. */
export const workerImage = (version: string) => `imageyard-worker:${version}`;

/** The command that makes it, in a checkout. */
export const workerImageCommand = (version: string) =>
  `docker build -f worker/Dockerfile -t ${workerImage(version)} .`;

/** Everything to copy for a worker of this name. */
export function connectCommands(input: ConnectInput): ConnectCommands {
  const { serverUrl, code } = input;
  return {
    node: `npm run worker -- --server ${serverUrl} --code ${code}`,
    container: containerCommand(input),
    kubernetes: kubernetesManifest(input),
  };
}

/**
 * Where workers may reach a server at this address, as credentials travel there: everywhere over https, with plain http
 * only on the server's own machine, over loopback.
 */
export function reachOf(serverUrl: string): 'anywhere' | 'here' | 'nowhere' {
  const url = URL.canParse(serverUrl) ? new URL(serverUrl) : null;
  if (url?.protocol !== 'http:') return 'anywhere';
  return isLoopbackHost(url.hostname) ? 'here' : 'nowhere';
}

function containerCommand({ serverUrl, code, name, version }: ConnectInput) {
  const volume = `imageyard-${resourceName(name)}`;
  return [
    `docker run --detach --restart unless-stopped --name ${volume} \\`,
    `  --volume /var/run/docker.sock:/var/run/docker.sock \\`,
    `  --group-add "$(stat -c %g /var/run/docker.sock)" \\`,
    `  --volume ${volume}:/var/lib/imageyard-worker \\`,
    // A container has a loopback of its own otherwise.
    ...(reachOf(serverUrl) === 'here' ? ['  --network host \\'] : []),
    `  ${workerImage(version)} --server ${serverUrl} --code ${code}`,
  ].join('\n');
}

/** Kubernetes takes lower-case letters, digits and dashes. */
function resourceName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
}

function kubernetesManifest({ serverUrl, code, name, version }: ConnectInput) {
  const resource = `imageyard-worker-${resourceName(name)}`;
  return `apiVersion: v1
kind: Secret
metadata:
  name: ${resource}
stringData:
  code: ${JSON.stringify(code)}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${resource}
spec:
  serviceName: ${resource}
  replicas: 1
  selector:
    matchLabels: { app: ${resource} }
  template:
    metadata:
      labels: { app: ${resource} }
    spec:
      securityContext: { fsGroup: 1000 }
      containers:
        - name: worker
          image: ${workerImage(version)}
          env:
            - { name: IMAGEYARD_SERVER, value: ${JSON.stringify(serverUrl)} }
            - name: IMAGEYARD_WORKER_CODE
              valueFrom:
                secretKeyRef: { name: ${resource}, key: code }
            - { name: DOCKER_HOST, value: "tcp://127.0.0.1:2375" }
          volumeMounts:
            - { name: data, mountPath: /var/lib/imageyard-worker, subPath: worker }
        - name: engine
          image: docker:28-dind
          args: ["--host=tcp://127.0.0.1:2375", "--tls=false"]
          env:
            - { name: DOCKER_TLS_CERTDIR, value: "" }
            - { name: BUILDKIT_STEP_LOG_MAX_SIZE, value: "1073741824" }
            - { name: BUILDKIT_STEP_LOG_MAX_SPEED, value: "1073741824" }
          securityContext: { privileged: true }
          volumeMounts:
            - { name: data, mountPath: /var/lib/docker, subPath: engine }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec:
        accessModes: [ReadWriteOnce]
        resources: { requests: { storage: 50Gi } }
`;
}
