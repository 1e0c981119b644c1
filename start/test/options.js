const STAGES = ['check', 'unit', 'service', 'engine', 'e2e'];
/** Run only when asked for by name: every kind of engine. */
const EXTRA_STAGES = ['engines'];
const ALL_STAGES = [...STAGES, ...EXTRA_STAGES];

/**
 * Reads the command line of `npm test`: `--only STAGE`, `--faults`, and after
 * `--` what the runner of that stage takes, such as a file name.
 */
export function readOptions(args) {
  const options = { only: null, hasFaults: false, filter: [] };
  for (let at = 0; at < args.length; at++) {
    if (args[at] === '--') return { ...options, filter: args.slice(at + 1) };
    if (args[at] === '--faults') options.hasFaults = true;
    else if (args[at] === '--only' && ALL_STAGES.includes(args[at + 1]))
      options.only = args[++at];
    else
      throw new Error(
        `Usage: npm test -- [--only ${ALL_STAGES.join('|')}] [--faults] [-- FILTER…]`,
      );
  }
  return options;
}

/** Which stages a run has, in order. `--faults` is the fault tests of the browser stage, with all their rounds. */
export function stagesOf({ only, hasFaults }) {
  if (only) return [only];
  return hasFaults ? ['e2e'] : STAGES;
}
