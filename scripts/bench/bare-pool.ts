import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { modelsFolder } from './open-carrel.ts'
import type { FromPool, PoolText } from './pool-messages.ts'

export interface BarePoolOptions {
  readonly processes: number
  /** `single`: one thread a process, one text a call. `batch`: default threads, the texts of a page in one call. */
  readonly kind: 'single' | 'batch'
  /** Texts handed over at once. */
  readonly pageTexts: number
}

/** Models are loaded before the clock starts. @returns how long the embedding took, in ms */
export async function timeBarePool(texts: readonly PoolText[], options: BarePoolOptions): Promise<number> {
  const children = Array.from({ length: options.processes }, () =>
    fork(join(import.meta.dirname, 'pool-process.ts'), [modelsFolder, options.kind], {
      execArgv: [],
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', ORT_DISABLE_TELEMETRY: '1' },
    }),
  )
  try {
    const warmUp: readonly PoolText[] = [
      { text: 'A short text.', embedder: 'all-MiniLM-L6-v2' },
      { text: '一段短文。', embedder: 'bge-small-zh-v1.5' },
    ]
    await Promise.all(children.map((child) => ask(child, warmUp)))
    const pages = cutPages(texts, options.pageTexts)
    const startedMs = performance.now()
    await Promise.all(children.map((child) => workOff(child, pages)))
    return performance.now() - startedMs
  } finally {
    for (const child of children) child.disconnect()
    await Promise.all(children.filter(({ exitCode }) => exitCode === null).map((child) => once(child, 'exit')))
  }
}

/** Pages of one embedder each, in order, as a reader of a mixed folder would meet them. */
export function cutPages(texts: readonly PoolText[], pageTexts: number): PoolText[][] {
  const pages: PoolText[][] = []
  const open = new Map<string, PoolText[]>()
  for (const text of texts) {
    let page = open.get(text.embedder)
    if (page === undefined) {
      page = []
      open.set(text.embedder, page)
      pages.push(page)
    }
    page.push(text)
    if (page.length === pageTexts) open.delete(text.embedder)
  }
  return pages
}

/** Two pages are with each process, so that none waits for its next. */
async function workOff(child: ChildProcess, pages: PoolText[][]): Promise<void> {
  const takeNext = async (): Promise<void> => {
    for (let page = pages.shift(); page !== undefined; page = pages.shift()) await ask(child, page)
  }
  await Promise.all([takeNext(), takeNext()])
}

/** A process answers in the order in which it was asked. */
const waiting = new WeakMap<ChildProcess, { resolve: () => void; reject: (error: Error) => void }[]>()

function ask(child: ChildProcess, texts: readonly PoolText[]): Promise<void> {
  let queue = waiting.get(child)
  if (queue === undefined) {
    const mine: { resolve: () => void; reject: (error: Error) => void }[] = []
    queue = mine
    waiting.set(child, mine)
    child.on('message', (_message: FromPool) => mine.shift()?.resolve())
    child.once('exit', (code) => {
      for (const { reject } of mine.splice(0)) reject(new Error(`A pool process ended with ${code}.`))
    })
  }
  return new Promise((resolve, reject) => {
    queue.push({ resolve, reject })
    child.send({ texts })
  })
}
