import path from 'node:path';
import { CHECKOUT } from '../config.js';

/** How much of a message is said at the end of a run. */
const MESSAGE_LENGTH = 300;

/**
 * What failed by Vitest's JSON report: tests, and files that failed outside them.
 *
 * @returns {string[]}
 */
export function failuresOfVitest({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = name.replace(CHECKOUT + path.sep, '');
    const tests = assertionResults.filter((test) => test.status === 'failed');
    if (tests.length === 0 && status === 'failed')
      return [line(file, '(outside its tests)', message)];
    return tests.map(({ fullName, failureMessages }) =>
      line(file, fullName, failureMessages?.[0]),
    );
  });
}

/**
 * What failed by Playwright's JSON report.
 *
 * @returns {string[]}
 */
export function failuresOfPlaywright({ suites, errors }) {
  return [
    ...suites.flatMap(failuresOfSuite),
    ...errors.map(({ message }) => line('', '(outside every test)', message)),
  ];
}

function failuresOfSuite({ specs = [], suites = [] }) {
  return [
    ...specs
      .filter(({ ok }) => !ok)
      .map(({ file, title, tests }) =>
        line(file, title, messageOf(tests.flatMap(({ results }) => results))),
      ),
    ...suites.flatMap(failuresOfSuite),
  ];
}

function messageOf(results) {
  return results.find(({ error }) => error)?.error.message;
}

/** One line for one failure. Colours of a terminal, calls and all but the beginning of the message are left out. */
export function line(file, title, message = '') {
  const plain = message
    .split('\n    at ', 1)[0]
    .replaceAll(/\u001B\[[0-9;]*m/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return [file, title, plain.slice(0, MESSAGE_LENGTH)]
    .filter((part) => part !== '')
    .join(' › ');
}
