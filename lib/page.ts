import 'server-only';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { type Actor, pageActor } from '@/lib/auth';
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
function pageId(text: string): string {
  const id = z.uuid().safeParse(text);
  return id.success ? id.data : notFound();
}

/**
 * For pages: what one id of an address stands for, read as who is signed in. A page wraps it in React's `cache`, so that
 * its title and its body read once.
 */
export async function readById<T>(
  read: (actor: Actor, id: string) => Promise<T>,
  text: string,
): Promise<T> {
  const id = pageId(text);
  return orNotFound(read(await pageActor(), id));
}
