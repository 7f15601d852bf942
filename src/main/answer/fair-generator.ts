import type { Generator, GeneratorEvent } from '../ports/generator.ts'

/** A generator whose clients take their turns. Waiting ends with the signal. */
export function createFairGenerator(generator: Generator, turns: Turns): Generator {
  return {
    async *generate(request, options): AsyncGenerator<GeneratorEvent, void, undefined> {
      using _turn = await turns.take(options.client ?? '', options.signal)
      yield* generator.generate(request, options)
    },
  }
}

/** Whose turn it is. */
export interface Turns {
  /** Resolves when it is this client's turn; disposing ends it. Abort rejects with the signal's reason. */
  take(client: string, signal: AbortSignal): Promise<Disposable>
}

/**
 * At most `slots` completions run at once, and whoever waits is served in rounds, one of each client, so that a script with a
 * hundred questions delays the window by one at most.
 */
export function createTurns(slots: number): Turns {
  /** Clients in the order in which they are served next; each with those of its own that wait. */
  const waiting = new Map<string, (() => void)[]>()
  let running = 0

  const next = (): void => {
    const [client, own] = [...waiting][0] ?? []
    if (client === undefined || own === undefined || running >= slots) return
    const start = own.shift()
    // To the end of the round, behind everybody else who waits.
    waiting.delete(client)
    if (own.length > 0) waiting.set(client, own)
    running += 1
    start?.()
  }
  const turn = (): Disposable => {
    let isOver = false
    return {
      [Symbol.dispose]() {
        if (isOver) return
        isOver = true
        running -= 1
        next()
      },
    }
  }

  return {
    take(client, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason)
          return
        }
        const start = (): void => {
          signal.removeEventListener('abort', leave)
          resolve(turn())
        }
        const leave = (): void => {
          const others = waiting.get(client)?.filter((other) => other !== start) ?? []
          if (others.length > 0) waiting.set(client, others)
          else waiting.delete(client)
          reject(signal.reason)
        }
        signal.addEventListener('abort', leave, { once: true })
        const own = waiting.get(client)
        if (own === undefined) waiting.set(client, [start])
        else own.push(start)
        next()
      })
    },
  }
}
