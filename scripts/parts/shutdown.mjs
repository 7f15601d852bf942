// What must be cleaned up when a launcher is told to stop: children, locks, the test Ollama.
// Node's own default would end only this process and leave the rest behind.

const cleanUps = new Set()
const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }
let isListening = false

/** Registers a clean-up (sync or async) for SIGINT, SIGTERM and SIGHUP; returns how to take it back. */
export function onShutdown(cleanUp) {
  if (!isListening) {
    isListening = true
    for (const signal of Object.keys(exitCodes)) process.on(signal, listener)
  }
  cleanUps.add(cleanUp)
  return () => cleanUps.delete(cleanUp)
}

/** Hands the signals to someone else: `carrel` forwards them instead of stopping by itself. */
export function stopListening() {
  for (const signal of Object.keys(exitCodes)) process.off(signal, listener)
  isListening = false
}

const listener = (signal) => void onSignal(signal)

async function onSignal(signal) {
  stopListening() // a second Ctrl-C ends this process at once
  // Newest first: a child is ended before the lock that protected its work is given back.
  for (const cleanUp of [...cleanUps].reverse()) {
    try {
      await cleanUp(signal)
    } catch (error) {
      console.error(`carrel: could not clean up (${error.message}).`)
    }
  }
  process.exit(exitCodes[signal])
}
