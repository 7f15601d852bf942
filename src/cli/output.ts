/** File names, answers and errors may hold escape sequences: a terminal must never act on them. */
function withoutControls(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, '\uFFFD')
}

/** Standard output that waits when its reader is slow, and knows when the reader has gone (`carrel list | head`). */
export interface Output {
  write(text: string): Promise<void>
  line(text: string): Promise<void>
  json(value: unknown): Promise<void>
  /** Progress and remarks, on standard error; kept on one line where that is a terminal. */
  progress(text: string): void
  remark(text: string): void
}

/** @param onReaderGone called once when nobody reads standard output any more */
export function createOutput(onReaderGone: () => void): Output {
  const { stdout, stderr } = process
  let isReaderGone = false
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
  const write = async (text: string): Promise<void> => {
    if (isReaderGone) return
    if (stdout.write(text)) return
    // Commands write one line after the other, so one waits at most.
    await new Promise<void>((resolve) => {
      goOn = resolve
    })
  }
  return {
    async write(text) {
      endProgress()
      await write(withoutControls(text))
    },
    async line(text) {
      endProgress()
      await write(`${withoutControls(text)}\n`)
    },
    json: (value) => write(`${JSON.stringify(value)}\n`),
    progress(text) {
      if (!stderr.isTTY) {
        stderr.write(`${text}\n`)
        return
      }
      stderr.write(`\r\u001B[2K${text}`)
      hasProgressLine = true
    },
    remark(text) {
      endProgress()
      stderr.write(`${withoutControls(text)}\n`)
    },
  }
}
