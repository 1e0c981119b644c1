const PLAIN_EVERY_MS = 15_000;

// The step now shown on a terminal's last line, to be wiped before anything else is printed.
let pending = '';

export function say(line = '') {
  if (pending) process.stdout.write('\r\x1b[K');
  process.stdout.write(`${line}\n`);
  if (pending) process.stdout.write(pending);
}

function seconds(ms) {
  return ms < 9_950
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.round(ms / 1000)} s`;
}

/** Does the work; anything over a second is announced, then counted, then summed up. */
export async function step(title, work) {
  const began = Date.now();
  const isTerminal = process.stdout.isTTY === true;
  let lastSaid = 0;
  const timer = setInterval(() => {
    const elapsed = Date.now() - began;
    if (isTerminal) {
      pending = `${title} … ${Math.round(elapsed / 1000)} s`;
      process.stdout.write(`\r\x1b[K${pending}`);
    } else if (lastSaid === 0 || elapsed - lastSaid >= PLAIN_EVERY_MS) {
      lastSaid = elapsed;
      say(`${title} … ${Math.round(elapsed / 1000)} s`);
    }
  }, 1000);
  const end = (outcome) => {
    clearInterval(timer);
    const elapsed = Date.now() - began;
    if (elapsed < 1000) return;
    if (pending) process.stdout.write('\r\x1b[K');
    pending = '';
    say(`${title}: ${outcome} ${seconds(elapsed)}`);
  };
  try {
    const result = await work();
    end('done in');
    return result;
  } catch (error) {
    end('ended after');
    throw error;
  }
}
