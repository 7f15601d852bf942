/** Wrong usage: exit code 2, with one sentence. */
export class UsageError extends Error {}
