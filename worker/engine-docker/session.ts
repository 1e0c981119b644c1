import { randomUUID } from 'node:crypto';
import * as grpc from '@grpc/grpc-js';
import type Docker from 'dockerode';
import protobuf from 'protobufjs';
import { dialDuplex } from '@/worker/engine-docker/dial';

/** What a build may ask this worker for while it runs. */
export type SessionAnswers = {
  credential: (
    host: string,
  ) => Promise<{ username: string; password: string } | undefined>;
  secret: (id: string) => Uint8Array | undefined;
};

export type Session = { id: string; close: () => void };

const { root } = protobuf.parse(
  `syntax = "proto3"; package session;
  message CredentialsRequest { string Host = 1; }
  message CredentialsResponse { string Username = 1; string Secret = 2; }
  message GetSecretRequest { string ID = 1; }
  message GetSecretResponse { bytes data = 1; }
  message HealthCheckRequest { string service = 1; }
  message HealthCheckResponse { int32 status = 1; }`,
  { keepCase: true },
);

const AUTH = '/moby.filesync.v1.Auth/Credentials';
const SECRETS = '/moby.buildkit.secrets.v1.Secrets/GetSecret';
const HEALTH = '/grpc.health.v1.Health/Check';
const SERVING = 1;

/**
 * Opens a BuildKit session: the connection through which a build asks for credentials of one registry and for secrets,
 * at any time while it runs. It answers health checks; without them an engine closes it after seconds. Close it when
 * the build is over: that also ends a build that still runs.
 */
export async function openSession(
  docker: Docker,
  answers: SessionAnswers,
  signal: AbortSignal,
): Promise<Session> {
  const id = randomUUID();
  const socket = await dialDuplex(docker, {
    method: 'POST',
    path: '/session',
    abortSignal: signal,
    headers: {
      Upgrade: 'h2c',
      'X-Docker-Expose-Session-Uuid': id,
      'X-Docker-Expose-Session-Name': 'imageyard',
      'X-Docker-Expose-Session-Sharedkey': '',
      'X-Docker-Expose-Session-Grpc-Method': [AUTH, SECRETS, HEALTH],
    },
    statusCodes: { 101: true, 200: true },
  });
  // The build reports what matters; a broken session socket has nothing to add.
  socket.on('error', () => {});
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

type Fields = Record<string, unknown>;

/** Adds a one-request-one-answer method; `null` answers NOT_FOUND. */
function addUnary(
  server: grpc.Server,
  path: string,
  request: string,
  response: string,
  answer: (request: Fields) => Fields | null | Promise<Fields | null>,
): void {
  const codec = (name: string) => {
    const type = root.lookupType(`session.${name}`);
    return {
      write: (value: Fields) => Buffer.from(type.encode(value).finish()),
      read: (bytes: Buffer): Fields => type.toObject(type.decode(bytes)),
    };
  };
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
