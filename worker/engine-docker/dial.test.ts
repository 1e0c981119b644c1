import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/errors';
import { EngineAnswerError, engineError } from '@/worker/engine-docker/dial';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

describe('engineError', () => {
  it.each([
    ['ENOENT', 'There is no socket of a container engine.'],
    ['ECONNREFUSED', 'No container engine listens there.'],
    ['EACCES', 'This user may not use the socket of the container engine.'],
    ['ECONNRESET', 'The container engine broke the connection.'],
  ])('%s means that the engine is away', (code, message) => {
    expect(engineError(withCode(code))).toMatchObject({
      code: 'ENGINE_UNREACHABLE',
      message,
    });
  });

  it('keeps the words of an answer', () => {
    const refused = Object.assign(
      new Error('(HTTP code 404) no such image - x '),
      {
        statusCode: 404,
        json: { message: 'No such image: a' },
      },
    );
    const known = engineError(refused);
    expect(known).toBeInstanceOf(EngineAnswerError);
    expect(known).toMatchObject({ status: 404, message: 'No such image: a' });
  });

  it('leaves what it has already named', () => {
    const known = new AppError('ENGINE_FAILED', 'x');
    expect(engineError(known)).toBe(known);
  });

  it.each([[new Error('odd')], ['odd'], [null]])(
    'calls everything else a failure of the engine',
    (error) => {
      expect(engineError(error)).toMatchObject({ code: 'ENGINE_FAILED' });
    },
  );
});
