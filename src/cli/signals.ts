/** A Ctrl-C reaches the whole process group, and the launcher passes it on as well: within this time it is one. */
const oneSignalMs = 1_000
const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const

/** Calls `stop` at the first signal; a further one, a second later or more, ends the process at once. */
export function endOnSignals(stop: () => void): void {
  let firstAt: number | null = null
  for (const [name, number] of Object.entries(signals)) {
    process.on(name, () => {
      if (firstAt === null) {
        firstAt = performance.now()
        stop()
      } else if (performance.now() - firstAt > oneSignalMs) {
        process.exit(128 + number)
      }
    })
  }
}
