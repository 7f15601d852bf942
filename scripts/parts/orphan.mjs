// npm runs a launcher through a shell. A signal sent to npm alone ends that shell, which does not pass it on:
// the launcher then goes on without a parent, and an answer that was to be stopped would be written to its end.

const checkMs = 250

/** Calls `onOrphan` once when the shell that npm started us in has gone; returns how to stop watching. */
export function watchForOrphaning(onOrphan, environment = process.env) {
  if (environment.npm_lifecycle_event === undefined) return () => {}
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onOrphan()
  }, checkMs)
  timer.unref()
  return () => clearInterval(timer)
}
