import { RegistryError } from '../../errors.ts';

/** What the statement gives. Where it meets a UNIQUE constraint: ALREADY_EXISTS with this message. */
export async function orAlreadyExists<T>(message: string, statement: Promise<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== 'ALREADY_EXISTS') throw error;
    throw new RegistryError('ALREADY_EXISTS', message, { cause: error });
  }
}
