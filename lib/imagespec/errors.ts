import { AppError, type ErrorCode, type FieldErrors } from '@/lib/errors';

export type SpecErrorCode = Extract<ErrorCode, 'SPEC_INVALID'>;

/** A spec that cannot be stored, tagged or built as it is. `fields` names what to correct (`packages.2`). */
export class SpecError extends AppError {
  declare readonly code: SpecErrorCode;

  constructor(message: string, fields: FieldErrors) {
    super('SPEC_INVALID', message, { fields });
    this.name = 'SpecError';
  }
}
