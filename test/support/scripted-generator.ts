import type { GenerateRequest, Generator, GeneratorEvent } from '../../src/main/ports/generator.ts'

/** A generator that answers by a script and records what it was asked. */
export interface ScriptedGenerator extends Generator {
  readonly requests: readonly GenerateRequest[]
  /** Requests whose stream has not ended, in whatever way. */
  readonly openCount: number
}

/** @param script the events of each request in order (`end` follows by itself); null: nothing comes until it is aborted */
export function createScriptedGenerator(
  script: (request: GenerateRequest, requestNumber: number) => readonly GeneratorEvent[] | string | Error | null,
): ScriptedGenerator {
  const requests: GenerateRequest[] = []
  let openCount = 0
  return {
    requests,
    get openCount() {
      return openCount
    },
    async *generate(request, { signal }) {
      const answer = script(request, requests.length)
      requests.push(request)
      openCount += 1
      try {
        signal.throwIfAborted()
        if (answer instanceof Error) throw answer
        if (answer === null) return await untilAborted(signal)
        yield { type: 'accepted' }
        if (typeof answer === 'string') yield { type: 'text', text: answer }
        else for (const event of answer) yield event
        yield { type: 'end', finishReason: 'stop', promptTokens: 10, answerTokens: 5 }
      } finally {
        openCount -= 1
      }
    },
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  )
}
