// Progress of long steps: a line when a step starts, one every 15 s, one when it ends, with times.

const heartbeatMs = 15_000

/**
 * @param stream where the lines go: stdout, or stderr where stdout belongs to the program's own output
 * @param isQuiet true: only steps that do work speak, `note` says nothing
 */
export function createProgress({ stream = process.stdout, isQuiet = false } = {}) {
  const say = (text) => stream.write(`${text}\n`)
  return {
    /** Always shown: something a person should know. */
    say,
    /** Shown unless quiet: what was found or chosen. */
    note(text) {
      if (!isQuiet) say(`  ${text}`)
    },
    /** Runs `work` between a start line and an end line; what it throws passes through. */
    async step(title, work) {
      const startedMs = Date.now()
      const elapsed = () => formatElapsed(Date.now() - startedMs)
      say(`> ${title} ...`)
      const heartbeat = setInterval(() => say(`  ${title}: ${elapsed()} so far`), heartbeatMs)
      try {
        const result = await work()
        say(`  ${title}: done in ${elapsed()}`)
        return result
      } finally {
        clearInterval(heartbeat)
      }
    },
  }
}

/** 800 -> "0.8 s", 75000 -> "1 min 15 s" */
export function formatElapsed(durationMs) {
  if (durationMs < 10_000) return `${(durationMs / 1000).toFixed(1)} s`
  const seconds = Math.round(durationMs / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
