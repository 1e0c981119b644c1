import { writeFileSync } from 'node:fs';

/** A reporter for Vitest: writes down what broke outside every test, which its JSON report leaves out. */
export default class UnhandledReporter {
  onTestRunEnd(_modules, errors) {
    writeFileSync(
      process.env.IMAGEYARD_TEST_UNHANDLED,
      JSON.stringify(
        errors.map(({ message, stack, cause }) => ({
          message: [message, cause?.message, stack]
            .filter(Boolean)
            .join(' ')
            .replaceAll('\n', ' '),
        })),
      ),
    );
  }
}
