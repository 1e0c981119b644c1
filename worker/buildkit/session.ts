import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import * as grpc from '@grpc/grpc-js';
import { type Fields, codecs } from '@/worker/buildkit/codec';
import {
  addFileSync,
  DIFF_COPY,
  type SyncedFolders,
} from '@/worker/buildkit/file-sync';

/** What a build may ask this worker for while it runs. */
export type SessionAnswers = {
  credential: (
    host: string,
  ) => Promise<{ username: string; password: string } | undefined>;
  secret: (id: string) => Uint8Array | undefined;
  files: {
    folders: SyncedFolders;
    /** Whose earlier files are compared with: builds with the same key read only what changed between them. */
    sharedKey: string;
  };
};

export type Session = { id: string; close: () => void };

const codec = codecs(
  `message CredentialsRequest { string Host = 1; }
  message CredentialsResponse { string Username = 1; string Secret = 2; }
  message GetSecretRequest { string ID = 1; }
  message GetSecretResponse { bytes data = 1; }
  message HealthCheckRequest { string service = 1; }
  message HealthCheckResponse { int32 status = 1; }`,
);

const AUTH = '/moby.filesync.v1.Auth/Credentials';
const SECRETS = '/moby.buildkit.secrets.v1.Secrets/GetSecret';
const HEALTH = '/grpc.health.v1.Health/Check';
const SERVING = 1;

// Otherwise grpc prints the paths of a context that are not ASCII; without them the whole context is shown.
grpc.setLogVerbosity(grpc.logVerbosity.NONE);

/**
 * Opens a BuildKit session: the connection through which a build asks for credentials of one registry, for secrets
 * and its files, at any time while it runs. It answers health checks; without them an engine closes it after seconds. `dial` makes the
 * connection, with headers that say what is answered here. Close the session when the build is over.
 */
export async function openSession(
  answers: SessionAnswers,
  dial: (headers: Record<string, string | string[]>) => Promise<Duplex>,
): Promise<Session> {
  const id = randomUUID();
  const socket = await dial({
    'X-Docker-Expose-Session-Uuid': id,
    'X-Docker-Expose-Session-Name': 'imageyard',
    'X-Docker-Expose-Session-Sharedkey': answers.files.sharedKey,
    'X-Docker-Expose-Session-Grpc-Method': [AUTH, SECRETS, HEALTH, DIFF_COPY],
  });
  // The build reports what matters; a broken session socket has nothing to add.
  socket.on('error', () => {});
  const server = serve(answers);
  server
    .createConnectionInjector(grpc.ServerCredentials.createInsecure())
    .injectConnection(socket);
  return {
    id,
    close: () => {
      server.forceShutdown();
      socket.destroy();
    },
  };
}

function serve(answers: SessionAnswers): grpc.Server {
  const server = new grpc.Server({ 'grpc.enable_channelz': 0 });
  addUnary(server, HEALTH, 'HealthCheckRequest', 'HealthCheckResponse', () => ({
    status: SERVING,
  }));
  addUnary(
    server,
    AUTH,
    'CredentialsRequest',
    'CredentialsResponse',
    async ({ Host }) => {
      const credential = await answers.credential(String(Host));
      return credential
        ? { Username: credential.username, Secret: credential.password }
        : {};
    },
  );
  addUnary(
    server,
    SECRETS,
    'GetSecretRequest',
    'GetSecretResponse',
    ({ ID }) => {
      const data = answers.secret(String(ID));
      return data ? { data } : null;
    },
  );
  addFileSync(server, answers.files.folders);
  return server;
}

/** Adds a one-request-one-answer method; `null` answers NOT_FOUND. */
function addUnary(
  server: grpc.Server,
  path: string,
  request: string,
  response: string,
  answer: (request: Fields) => Fields | null | Promise<Fields | null>,
): void {
  const [asked, told] = [codec(request), codec(response)];
  const definition: grpc.MethodDefinition<Fields, Fields> = {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: asked.write,
    requestDeserialize: asked.read,
    responseSerialize: told.write,
    responseDeserialize: told.read,
  };
  const handle: grpc.handleUnaryCall<Fields, Fields> = (call, reply) => {
    void Promise.resolve(answer(call.request)).then(
      (value) => {
        if (value) reply(null, value);
        else reply({ code: grpc.status.NOT_FOUND, details: 'not found' });
      },
      () => reply({ code: grpc.status.UNAVAILABLE, details: 'no answer' }),
    );
  };
  server.addService({ handle: definition }, { handle });
}
