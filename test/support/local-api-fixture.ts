import { request as httpRequest, type IncomingMessage } from 'node:http'
import { createAnswers } from '../../src/main/answer/answers.ts'
import type { AnswerStage } from '../../src/main/answer/draft.ts'
import { createStreamAnswer } from '../../src/main/answer/stream-answer.ts'
import type { Clock } from '../../src/main/ports/clock.ts'
import type { LocalService } from '../../src/main/local-api/local-service.ts'
import { openLocalApi } from '../../src/main/local-api/open-local-api.ts'
import { systemClock } from '../../src/main/system-clock.ts'
import { createRecordedTurns, noBoxes, noCollections, type RecordedTurns } from './answer-fakes.ts'
import { createRecordingLog } from './recording-log.ts'
import { samplePassage } from './sample-passage.ts'

export const testToken = 'test-token-that-no-one-guesses'

/** Three passages, as retrieval would find them. */
export const foundPassages = [0, 1, 2].map((ordinal) => samplePassage({ ordinal }))

export const findStage: AnswerStage = {
  name: 'retrieve',
  async *run(draft) {
    yield { type: 'status', stage: 'retrieve', detail: { documentCount: 1 } }
    draft.passages = foundPassages
    yield { type: 'passages', passages: [...foundPassages] }
  },
}

/** Writes these pieces and cites the second passage. */
export function writeStage(pieces: readonly string[]): AnswerStage {
  return {
    name: 'generate',
    async *run(draft) {
      draft.citedPassageIds = foundPassages.slice(1, 2).map(({ id }) => id)
      for (const text of pieces) yield { type: 'token', text }
    },
  }
}

export interface LocalApiFixture extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly log: ReturnType<typeof createRecordingLog>
  readonly service: LocalService
  readonly turns: RecordedTurns
  /** With the token, unless `headers` say otherwise. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  ask(accept: string, body?: object, init?: RequestInit): Promise<Response>
}

/** A real server on loopback over the real service and registry; only the stages (and what else is given) are the test's own. */
export async function startLocalApi(
  options: {
    readonly stages?: readonly AnswerStage[]
    readonly clock?: Clock
    readonly allowedOrigins?: readonly string[]
    readonly service?: Partial<LocalService>
  } = {},
): Promise<LocalApiFixture> {
  const clock = options.clock ?? systemClock
  const log = createRecordingLog()
  const answers = createAnswers({ clock, log })
  const turns = createRecordedTurns()
  const streamAnswer = createStreamAnswer({
    answers,
    stages: options.stages ?? [findStage, writeStage(['Yes ', '[1].'])],
    conversations: turns,
    collections: noCollections,
    documents: noBoxes,
    clock,
    log,
    onTurn: () => undefined,
  })
  const notHere = new Proxy({} as never, {
    get(_target, name) {
      throw new Error(`this test has no ${String(name)}`)
    },
  })
  const service: LocalService = {
    streamAnswer,
    search: async () => [],
    findDocuments: async function* () {},
    documents: notHere,
    collections: notHere,
    importer: notHere,
    models: notHere,
    answers,
    relay: notHere,
    seedConversation: () => undefined,
    uploads: notHere,
    allowedFolders: () => [],
    version: '0.0.0',
    status: notHere,
    clock,
    log,
    ...options.service,
  }
  const server = await openLocalApi(service)({
    port: 0,
    token: testToken,
    allowedOrigins: () => options.allowedOrigins ?? [],
  })
  const url = `http://127.0.0.1:${server.port}`
  const fetchWithToken = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${testToken}`, ...(init.headers as Record<string, string> | undefined) },
    })
  return {
    url,
    port: server.port,
    log,
    service,
    turns,
    fetch: fetchWithToken,
    ask: (accept, body = { question: 'What notice?' }, init = {}) =>
      fetchWithToken('/v1/answers', {
        method: 'POST',
        body: JSON.stringify(body),
        ...init,
        headers: {
          accept,
          'content-type': 'application/json',
          ...(init.headers as Record<string, string> | undefined),
        },
      }),
    [Symbol.asyncDispose]: () => server.close(),
  }
}

/** A request with exactly these headers: `fetch` sets some by itself and refuses others. */
export function rawRequest(
  port: number,
  options: {
    readonly method?: string
    readonly path: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
  },
): Promise<{ readonly status: number; readonly headers: IncomingMessage['headers']; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method: options.method ?? 'GET',
        path: options.path,
        headers: options.headers,
        agent: false,
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
        response.once('error', reject)
      },
    )
    request.once('error', reject)
    request.end(options.body)
  })
}

/** The events of a server-sent stream, as a client sees them. */
export function parseEvents(
  text: string,
): readonly { readonly id: string; readonly event: string; readonly data: unknown }[] {
  return text
    .split('\n\n')
    .filter((block) => block.includes('data: '))
    .map((block) => {
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
      return { id: field('id'), event: field('event'), data: JSON.parse(field('data')) }
    })
}
