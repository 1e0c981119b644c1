/** The folder of the build context that holds the CA bundle of a build. */
export const CA_FOLDER = 'imageyard-ca';

/** The worker adds this file, mode 0644: a full PEM bundle, because the variables below replace the system's. */
export const CA_BUNDLE_FILE = `${CA_FOLDER}/ca.crt`;

/**
 * Where a step sees the folder. `/dev` is a tmpfs in every build container, so that the mount point itself cannot stay
 * behind in a layer.
 */
const CA_MOUNT = '/dev/imageyard-ca';
const BUNDLE = `${CA_MOUNT}/ca.crt`;

// apt takes no variable for a bundle, only one for a configuration file.
const APT_CONFIG_FILE = 'apt.conf';

const BUNDLE_VARIABLES = [
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'PIP_CERT',
  'GIT_SSL_CAINFO',
  'NODE_EXTRA_CA_CERTS',
  'AWS_CA_BUNDLE',
  'CARGO_HTTP_CAINFO',
  'MAMBA_SSL_VERIFY',
];

export const CA_MOUNT_FLAG = `--mount=type=bind,source=${CA_FOLDER},target=${CA_MOUNT}`;

/** Shell text before the commands of a step. It holds for that step only: nothing of it is in the image's config. */
export const CA_EXPORTS = `ca=${BUNDLE}; export ${BUNDLE_VARIABLES.map(
  (name) => `${name}=$ca`,
).join(' ')} APT_CONFIG=${CA_MOUNT}/${APT_CONFIG_FILE};`;

/** The files beside the bundle. */
export const CA_FILES: Readonly<Record<string, string>> = {
  [`${CA_FOLDER}/${APT_CONFIG_FILE}`]: `Acquire::https::CAInfo "${BUNDLE}";\n`,
};
