import 'server-only';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { AppError } from '@/lib/errors';

/** For pages: what a verb gives, or the not-found page where it throws NOT_FOUND. */
export async function orNotFound<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') notFound();
    throw error;
  }
}

/** An id out of an address. What cannot be one is the not-found page, before the database is asked. */
export function pageId(text: string): string {
  const id = z.uuid().safeParse(text);
  return id.success ? id.data : notFound();
}
