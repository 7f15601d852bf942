import type { Log } from '../../src/main/ports/log.ts'

const say = (message: string, cause: unknown): void => console.error(message, cause ?? '')

/** What is not expected in a benchmark is shown. */
export const loudLog: Log = { info: () => undefined, verbose: () => undefined, warn: say, error: say }

/** Only what failed for good. */
export const quietLog: Log = { ...loudLog, warn: () => undefined }
