import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { randomUUID } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { runForTerminal } from '../../../src/cli/run-for-terminal.ts'
import type { AnswerPort } from '../../../src/main/compose.ts'
import { answerStages, type StreamEvent, streamEventSchema } from '../../../src/shared/answer-stream.ts'
import { askRequestSchema } from '../../../src/shared/ipc.ts'
import { type ComposedCarrel, composeCarrel, leaseFile } from '../../support/composed-carrel.ts'
import { parseEvents } from '../../support/local-api-fixture.ts'
import { type RecordingModelServer, startRecordingModelServer } from '../../support/recording-model-server.ts'
import { jsonLines } from '../../support/run-carrel.ts'

const question = 'What notice must the tenant give to end the lease early?'
let server: RecordingModelServer
let carrel: ComposedCarrel

beforeAll(async () => {
  server = await startRecordingModelServer({ answer: { tokens: ['180 ', 'days [2]', ', in writing [1].'], gapMs: 1 } })
  carrel = await composeCarrel({ paths: [leaseFile], ollamaHost: server.url })
}, 120_000)
afterAll(async () => {
  await carrel[Symbol.asyncDispose]()
  await server.close()
})

/** What every front end shows of an answer, in order; text is joined, since each may cut it as it likes. */
type Seen =
  | { readonly stage: string }
  | { readonly text: string }
  | { readonly sources: readonly string[] }
  | { readonly end: string }

function joined(seen: readonly Seen[]): readonly Seen[] {
  const all: Seen[] = []
  for (const one of seen) {
    const last = all.at(-1)
    if ('text' in one && last !== undefined && 'text' in last) all[all.length - 1] = { text: last.text + one.text }
    else all.push(one)
  }
  return all
}

function ofStreamEvents(events: readonly StreamEvent[]): readonly Seen[] {
  return joined(
    events.flatMap((event): readonly Seen[] => {
      if (event.type === 'status') return [{ stage: event.stage }]
      if (event.type === 'token') return [{ text: event.text }]
      if (event.type === 'sources') return [{ sources: event.sources.map(({ id }) => id) }]
      return event.type === 'done' ? [{ end: event.finishReason }] : []
    }),
  )
}

async function askWindow(): Promise<readonly Seen[]> {
  const events: StreamEvent[] = []
  const port: AnswerPort = {
    frontEnd: 'window:1',
    post: (event) => void events.push(event),
    onReply: () => undefined,
    onClose: () => undefined,
    close: () => undefined,
  }
  await carrel.carrel.serveAnswer(port, askRequestSchema.parse({ question, conversationId: randomUUID() }))
  return ofStreamEvents(events)
}

async function askHttp(): Promise<readonly Seen[]> {
  const response = await carrel.fetch('/v1/answers', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ question }),
  })
  return joined(
    parseEvents(await response.text()).map(({ event, data }): Seen => {
      if (event === 'status') return { stage: z.object({ stage: z.string() }).parse(data).stage }
      if (event === 'message') return { text: z.string().parse(data) }
      if (event === 'source')
        return {
          sources: z
            .array(z.object({ id: z.string() }))
            .parse(data)
            .map(({ id }) => id),
        }
      return { end: z.object({ finishReason: z.string() }).parse(data).finishReason }
    }),
  )
}

async function askMcp(): Promise<readonly Seen[]> {
  const client = new Client({ name: 'test-agent', version: '1.0.0' })
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${carrel.url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${carrel.token}` } },
    }),
  )
  const seen: Seen[] = []
  const result = await client.callTool(
    { name: 'ask', arguments: { question } },
    {
      onprogress: ({ message = '' }) =>
        void seen.push(answerStages.some((stage) => stage === message) ? { stage: message } : { text: message }),
    },
  )
  await client.close()
  const { sources } = z
    .object({ sources: z.array(z.object({ passageId: z.string() })) })
    .parse(result.structuredContent)
  // A tool has one result: that it came is the end.
  return joined([...seen, { sources: sources.map(({ passageId }) => passageId) }, { end: 'stop' }])
}

async function askCommandLine(): Promise<readonly Seen[]> {
  let written = ''
  await runForTerminal(carrel.carrel, {
    words: ['--json', 'ask', question],
    folder: carrel.folder,
    input: new PassThrough(),
    signal: new AbortController().signal,
    send: async (frame) => {
      if ('write' in frame) written += frame.write
    },
  })
  return ofStreamEvents(jsonLines(written).map((line) => streamEventSchema.parse(line)))
}

describe('one service under every front end', { timeout: 120_000 }, () => {
  it('window, HTTP, MCP and command line see the same events for one question', async () => {
    const window = await askWindow()
    expect(window.map((one) => Object.keys(one)[0])).toEqual([
      // Searching, what was found, loading, writing; then the check of the citations.
      'stage',
      'stage',
      'stage',
      'stage',
      'text',
      'stage',
      'sources',
      'end',
    ])
    expect(window).toContainEqual({ text: '180 days [1], in writing [2].' })
    expect(await askHttp()).toEqual(window)
    expect(await askMcp()).toEqual(window)
    expect(await askCommandLine()).toEqual(window)
  })
})
