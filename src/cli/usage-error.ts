/** Wrong usage: exit code 2, with one sentence. */
export class UsageError extends Error {}

/** Words of a command line as one text. @throws UsageError with `problem` when there is none */
export function oneText(words: readonly string[], problem: string): string {
  const text = words.join(' ').trim()
  if (text === '') throw new UsageError(problem)
  return text
}
