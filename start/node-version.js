// Plain old syntax: this file has to parse on the very versions it turns away.
const NEEDED = [20, 9];

export function isSupportedNode(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** Loads and runs a command's module, unless this Node or system cannot: then one line, and exit code 1. */
export function runCommand(load) {
  if (!isSupportedNode(process.versions.node)) {
    return refuse(
      'Imageyard needs Node ' +
        NEEDED.join('.') +
        ' or newer; this is ' +
        process.version +
        '.',
    );
  }
  if (process.platform === 'win32') {
    return refuse(
      'Imageyard does not run on Windows itself; run it inside WSL 2.',
    );
  }
  return load();
}

function refuse(line) {
  console.error(line);
  process.exitCode = 1;
}
