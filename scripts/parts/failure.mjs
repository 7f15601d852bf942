// How every launcher fails: one plain sentence with the next step, exit code 1.

/**
 * A failure that the person at the keyboard can act on. The message says what to do next;
 * `options.reason` is the bare cause, for a sentence that names several.
 */
export class Failure extends Error {
  constructor(message, { reason = message, cause } = {}) {
    super(message, { cause })
    this.reason = reason
  }
}

/** Runs a launcher's main function; its return value (a number) becomes the exit code. */
export async function runLauncher(main) {
  try {
    requireNode(process.versions.node)
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    console.error(`carrel: ${asSentence(error)}`)
    if (process.env.CARREL_DEBUG === '1') console.error(error)
    process.exitCode = 1
  }
}

/** The sentence to show for any thrown value. */
export function asSentence(error) {
  if (error instanceof Failure) return error.message
  if (error?.code === 'ENOSPC') return 'The disk is full: free some space, then run this again.'
  if (error?.code === 'EACCES' || error?.code === 'EPERM') {
    return `No permission for ${error.path ?? 'a file'}: make it writable for you, then run this again.`
  }
  const reason = String(error?.message ?? error).split('\n')[0]
  return `Something unexpected happened (${reason}): run this again with CARREL_DEBUG=1 to see where.`
}

/** @throws Failure when Node is older than what the build tools accept (20.19) */
export function requireNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new Failure(`Node ${version} is too old: install Node 20.19 or newer, then run this again.`)
}
