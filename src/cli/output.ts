/** File names, answers and errors may hold escape sequences: a terminal must never act on them. */
function withoutControls(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, '\uFFFD')
}

/** Where output goes: this terminal, or one whose command runs in the app. */
export interface OutputSink {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>
  progress(text: string): void
  remark(text: string): void
}

/** How long a reader may take nothing after a stop. */
const lastChanceMs = 1_000

/** Standard output that waits when its reader is slow, and knows when the reader has gone (`carrel list | head`). */
export interface Output {
  write(text: string): Promise<void>
  line(text: string): Promise<void>
  json(value: unknown): Promise<void>
  /** As it is: for programs, never for a person. */
  raw(text: string): Promise<void>
  /** Progress and remarks, on standard error; kept on one line where that is a terminal. */
  progress(text: string): void
  remark(text: string): void
}

export function createOutput(sink: OutputSink): Output {
  return {
    write: (text) => sink.write(withoutControls(text)),
    line: (text) => sink.write(`${withoutControls(text)}\n`),
    json: (value) => sink.write(`${JSON.stringify(value)}\n`),
    raw: (text) => sink.write(text),
    progress: (text) => sink.progress(withoutControls(text)),
    remark: (text) => sink.remark(withoutControls(text)),
  }
}

/** Standard output and standard error of this process. */
export interface TerminalSink extends OutputSink {
  /** The command was stopped: no line waits for the reader any more. */
  stopWaiting(): void
  /** After `stopWaiting`. @returns false when the reader took nothing for a second, as a pager that waits for its person. */
  isTaken(): Promise<boolean>
}

/** @param onReaderGone called once when nobody reads standard output any more */
export function createTerminalSink(onReaderGone: () => void): TerminalSink {
  const { stdout, stderr } = process
  let isReaderGone = false
  let isStopped = false
  let hasProgressLine = false
  let goOn: (() => void) | null = null
  const resume = (): void => {
    goOn?.()
    goOn = null
  }
  stdout.on('drain', resume)
  stdout.on('error', () => {
    resume()
    if (isReaderGone) return
    isReaderGone = true
    onReaderGone()
  })
  const endProgress = (): void => {
    if (hasProgressLine) stderr.write('\n')
    hasProgressLine = false
  }
  return {
    async write(text) {
      endProgress()
      if (isReaderGone || stdout.write(text) || isStopped) return
      // Commands write one line after the other, so one waits at most.
      await new Promise<void>((resolve) => {
        goOn = resolve
      })
    },
    progress(text) {
      if (!stderr.isTTY) {
        stderr.write(`${text}\n`)
        return
      }
      stderr.write(`\r\u001B[2K${text}`)
      hasProgressLine = true
    },
    stopWaiting() {
      isStopped = true
      resume()
    },
    async isTaken() {
      for (let before = -1; stdout.writableLength > 0 && !isReaderGone;) {
        if (stdout.writableLength === before) return false
        before = stdout.writableLength
        await new Promise((resolve) => setTimeout(resolve, lastChanceMs))
      }
      return true
    },
    remark(text) {
      endProgress()
      stderr.write(`${text}\n`)
    },
  }
}
