/** Every failure a user can meet: its HTTP status and the hint that tells them what to do next. */
export const ERRORS = {
  INTERNAL: {
    status: 500,
    hint: 'Try again. If it happens again, look at the time of it in the server log.',
  },
  SERVER_UNREACHABLE: {
    status: 503,
    hint: 'Check your connection and that Imageyard is running, then try again.',
  },
  INVALID_INPUT: {
    status: 422,
    hint: 'Correct the marked fields and try again.',
  },
  NOT_FOUND: {
    status: 404,
    hint: 'It may have been archived, or the link is incomplete.',
  },
  NOT_SIGNED_IN: { status: 401, hint: 'Sign in and try again.' },
  NOT_ALLOWED: { status: 403, hint: 'Ask the owner of this team.' },
  CONFLICT: {
    status: 409,
    hint: 'Reload the page: somebody else changed it in the meantime.',
  },
  NAME_TAKEN: { status: 409, hint: 'Choose another name.' },
  PROJECT_NOT_EMPTY: {
    status: 409,
    hint: 'Only a project without tasks can be deleted. Rename it to use it for something else.',
  },
  SIGN_IN_WRONG: {
    status: 401,
    hint: 'Check both. Ten wrong tries close an address for 15 minutes.',
  },
  PASSWORD_WRONG: {
    status: 403,
    hint: 'Type your current password. `npm run reset-owner` helps when it is lost.',
  },
  SET_UP_LINK_INVALID: {
    status: 410,
    hint: 'Links work once and for 24 hours. Make another with `npm run set-up-link`.',
  },
  REFERENCE_INVALID: {
    status: 422,
    hint: 'Write it as registry/repository:tag, for example ghcr.io/acme/etl:1.4.',
  },
  REGISTRY_DENIED: {
    status: 502,
    hint: 'The stored credential was refused. Check it under Registries.',
  },
  REGISTRY_UNREACHABLE: {
    status: 502,
    hint: 'Check the host and port, and that this server can reach it.',
  },
  REGISTRY_TLS: {
    status: 502,
    hint: 'Correct the host, or let an owner name the certificate authority at the registry.',
  },
  REGISTRY_RATE_LIMITED: {
    status: 503,
    hint: 'The registry asks to wait. Try again later.',
  },
  REGISTRY_BLOCKED: {
    status: 403,
    hint: 'Loopback, private and plain-http registries must be added by the owner, host and port written out.',
  },
  REGISTRY_REALM_UNBOUND: {
    status: 403,
    hint: 'Ask the owner whether that token server belongs to the registry before a password goes there.',
  },
  REGISTRY_INVALID_ANSWER: {
    status: 502,
    hint: 'The host answered, but not as an OCI registry does. Check the address.',
  },
  REGISTRY_NOT_FOUND: {
    status: 404,
    hint: 'Check the repository name, and that the tag or digest was pushed.',
  },
  REGISTRY_UNSUPPORTED: {
    status: 409,
    hint: 'This registry does not offer it by its API. Do it in the registry’s own pages or command line.',
  },
  IMAGE_IN_USE: {
    status: 409,
    hint: 'Move the tasks to another image first. An owner may override this by typing the name.',
  },
  IMAGE_PART_OF_INDEX: {
    status: 409,
    hint: 'Delete the index instead, together with its platforms.',
  },
  TAG_TAKEN: {
    status: 409,
    hint: 'Choose another tag, or say that this one shall move.',
  },
  COPY_NOT_MOVABLE: {
    status: 409,
    hint: 'The copy has ended. Start another one.',
  },
  CREDENTIAL_SEALED: {
    status: 500,
    hint: 'The installation key does not open this credential. Replace the credential, or restore the key.',
  },
  CLOUD_KEY_REFUSED: {
    status: 422,
    hint: 'Look whether the key is still there at the provider; make another and replace the credential under Registries.',
  },
  CLOUD_NOT_PERMITTED: {
    status: 422,
    hint: 'Add the named permission to the identity at the provider, then test the credential again.',
  },
  CLOUD_ROLE_REFUSED: {
    status: 422,
    hint: 'Check the role’s ARN, its trust policy and external ID, and that the key’s own policy allows sts:AssumeRole.',
  },
  CLOUD_CLOCK_SKEW: {
    status: 503,
    hint: 'Set the clock of the server that runs Imageyard, best with NTP.',
  },
  CLOUD_REGION_WRONG: {
    status: 422,
    hint: 'Check the region in the registry’s host and in the endpoint, and that the account has it switched on.',
  },
  CLOUD_UNREACHABLE: {
    status: 502,
    hint: 'Check the region in the host, and that this server can reach it; an owner can set another endpoint.',
  },
  CLOUD_IDENTITY_MISSING: {
    status: 422,
    hint: 'Give the server a role or service account where it runs, or store a key instead.',
  },
  CLOUD_FAILED: {
    status: 502,
    hint: 'Try again; the server log has more. Check the settings of the credential when it stays.',
  },
  CREDENTIAL_UNUSABLE: {
    status: 422,
    hint: 'Store a credential of another kind, or mend what this one is made from.',
  },
  SPEC_INVALID: {
    status: 422,
    hint: 'Correct the marked fields; each says what it takes.',
  },
  SPEC_ARCHIVED: { status: 409, hint: 'Restore the spec first.' },
  PYTHON_TOO_LARGE: {
    status: 413,
    hint: 'Paste one Python file of at most 1 MiB.',
  },
  BUILD_NOT_MOVABLE: {
    status: 409,
    hint: 'The build has moved on. Reload the page to see its state.',
  },
  BUILD_COMMAND_FAILED: {
    status: 422,
    hint: 'Read the last lines of the failed step, mend the spec and build again.',
  },
  BUILD_BASE_FAILED: {
    status: 422,
    hint: 'See why the base was not built, mend it, then build this one again.',
  },
  BUILD_SECRET_MISSING: {
    status: 422,
    hint: 'Store a secret of that name under Secrets, or map the mount to another in the spec.',
  },
  BUILD_BASE_NOT_FOUND: {
    status: 422,
    hint: 'Check the base image: its name, its tag, and that the worker can pull it.',
  },
  BUILD_BASE_DENIED: {
    status: 422,
    hint: 'The base image is private. Add its registry with a credential.',
  },
  BUILD_APT_NOT_FOUND: {
    status: 422,
    hint: 'Correct the name under apt packages; the base has no package of that name.',
  },
  BUILD_PACKAGE_NOT_FOUND: {
    status: 422,
    hint: 'Correct the name or version under packages.',
  },
  BUILD_CERTIFICATE_UNTRUSTED: {
    status: 422,
    hint: 'When a proxy stands in between, start the worker with its certificates in IMAGEYARD_BUILD_CA, then retry.',
  },
  BUILD_SERVER_DENIED: {
    status: 422,
    hint: 'Store the login under Secrets and mount it in the spec, such as a netrc at /root/.netrc.',
  },
  BUILD_SERVER_UNREACHABLE: {
    status: 502,
    hint: 'Check the address in the spec, and that the worker’s network leads there; retry when the server was away.',
  },
  BUILD_DOCKERFILE_INVALID: {
    status: 422,
    hint: 'The engine refused the Dockerfile. The attempt keeps its exact text.',
  },
  BUILD_LOGIN_FAILED: {
    status: 422,
    hint: 'Test the credential under Registries: its card says what is wrong with it.',
  },
  BUILD_PUSH_DENIED: {
    status: 422,
    hint: 'The registry refused the push. Test the credential for push under Registries.',
  },
  BUILD_PUSH_FAILED: {
    status: 502,
    hint: 'The image was built but not pushed. Check the registry and retry.',
  },
  BUILD_PLATFORM_MISMATCH: {
    status: 422,
    hint: 'The base image has no variant for this platform. Choose another platform or base.',
  },
  BUILD_ENGINE_UNFIT: {
    status: 422,
    hint: 'Build it on another worker: the page of each says what its engine can do.',
  },
  BUILD_DIGEST_MISMATCH: {
    status: 502,
    hint: 'The registry does not hold what was pushed. Rebuild; if it happens again, check the registry.',
  },
  BUILD_TIMED_OUT: {
    status: 504,
    hint: 'The build ran into a time limit. See which step took the time, or raise the limits of the spec.',
  },
  BUILD_TEST_ENGINE: {
    status: 409,
    hint: 'A test engine cannot publish. Connect a worker with a real container engine.',
  },
  ENGINE_UNREACHABLE: {
    status: 503,
    hint: 'Start the container engine on the worker machine, then retry.',
  },
  ENGINE_FAILED: {
    status: 502,
    hint: 'Look at the engine on the worker machine, its log and its disk space, then retry.',
  },
  WORKER_LOST: {
    status: 503,
    hint: 'The worker went away. Start it again, then retry.',
  },
  WORKER_OFFLINE: {
    status: 503,
    hint: 'Start a worker with `npm run worker`, then retry the build.',
  },
  WORKER_UNKNOWN: {
    status: 401,
    hint: 'The worker was revoked, or belongs to another server. Connect it anew: Workers → Connect a worker.',
  },
  ENROLMENT_INVALID: {
    status: 401,
    hint: 'A code is good once, for ten minutes. Make a new one: Workers → Connect a worker.',
  },
  WORKER_PROTOCOL: {
    status: 426,
    hint: 'Update the worker: it must be of the same release as the server.',
  },
  ATTEMPT_STALE: {
    status: 409,
    hint: 'Another attempt has taken over this build; the worker stops by itself.',
  },
  RECORD_INVALID: { status: 422, hint: 'Have the build exported again.' },
  RECORD_TOO_LARGE: { status: 409, hint: 'Download its logs instead.' },
} as const satisfies Record<string, { status: number; hint: string }>;
