import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { AnswerStage } from '../../../../src/main/answer/draft.ts'
import { createManualClock, type ManualClock } from '../../../support/manual-clock.ts'
import { findStage, type LocalApiFixture, startLocalApi, testToken } from '../../../support/local-api-fixture.ts'

/** A model that writes for ever, one piece a turn of the event loop, until it is told to stop. */
function endlessStage(piece: string): {
  readonly stage: AnswerStage
  readonly counts: { running: number; ended: number; pieces: number }
} {
  const counts = { running: 0, ended: 0, pieces: 0 }
  const stage: AnswerStage = {
    name: 'generate',
    async *run(_draft, { signal }) {
      counts.running += 1
      try {
        for (;;) {
          signal.throwIfAborted()
          counts.pieces += 1
          yield { type: 'token', text: piece }
          await new Promise((resolve) => setImmediate(resolve))
        }
      } finally {
        counts.running -= 1
        counts.ended += 1
      }
    },
  }
  return { stage, counts }
}

function requestText(port: number, accept: string): string {
  const body = JSON.stringify({ question: 'What notice?' })
  return [
    'POST /v1/answers HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    `Authorization: Bearer ${testToken}`,
    'Content-Type: application/json',
    `Accept: ${accept}`,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve))
}

/** Resolves when the server waits for the reader (its timer runs) and the model is asked for nothing more. */
async function held(clock: ManualClock, counts: { readonly pieces: number }): Promise<void> {
  let before = -1
  for (let quiet = 0; quiet < 200 || clock.waiting === 0; quiet++) {
    if (counts.pieces !== before) quiet = 0
    before = counts.pieces
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Same numbers in every run. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

const forms = ['text/event-stream', 'text/plain', 'application/json', 'application/x-ndjson'] as const

/** Connects, reads up to `bytes` of the reply, then leaves: by a reset, by closing, or by ending its side. */
function leaveAfter(
  api: LocalApiFixture,
  accept: string,
  { bytes, manner }: { readonly bytes: number; readonly manner: number },
): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(api.port, '127.0.0.1')
    let received = 0
    const leave = (): void => {
      if (manner === 0) socket.resetAndDestroy()
      else if (manner === 1) socket.destroy()
      else socket.end()
    }
    socket.on('error', () => socket.destroy())
    socket.once('close', () => resolve())
    socket.on('data', (part) => {
      received += part.length
      if (received >= bytes) leave()
    })
    socket.write(requestText(api.port, accept), () => {
      // A whole reply as JSON never begins: this client leaves once it has asked.
      if (bytes === 0 || accept === 'application/json') setImmediate(leave)
    })
  })
}

describe('a client that vanishes', () => {
  it(
    '200 times at random: every answer ends, the registry is empty, each logged its three lines',
    { timeout: 120_000 },
    async () => {
      const { stage, counts } = endlessStage('word ')
      await using api = await startLocalApi({ stages: [findStage, stage] })
      const random = createRandom(7)
      const clients = Array.from({ length: 200 }, (_unused, index) => ({
        accept: forms[index % forms.length] ?? 'text/plain',
        bytes: Math.floor(random() * 3_000),
        manner: Math.floor(random() * 3),
      }))
      for (let start = 0; start < clients.length; start += 20) {
        await Promise.all(clients.slice(start, start + 20).map(({ accept, ...how }) => leaveAfter(api, accept, how)))
      }
      await until(() => api.service.answers.count === 0 && counts.running === 0)
      const opened = api.log.lines.flatMap(
        (line) => /^answer (\S+): opened by http:unnamed, \d+ active$/.exec(line)?.[1] ?? [],
      )
      expect(opened.length).toBeGreaterThan(150)
      expect(api.turns.finished).toHaveLength(opened.length)
      for (const id of opened) {
        expect(
          api.log.lines.filter((line) => line.startsWith(`answer ${id}: `) && !/: \w+ (begins|took)\b/.test(line)),
        ).toEqual([
          expect.stringContaining('opened'),
          `answer ${id}: client disconnected`,
          expect.stringMatching(/closed, \d+ active$/),
        ])
      }
      expect(api.log.lines.at(-1)).toMatch(/closed, 0 active$/)
    },
  )

  it(
    'is held by back-pressure while it reads slowly, and gone when it read nothing for 60 seconds',
    { timeout: 120_000 },
    async () => {
      const clock = createManualClock()
      const { stage, counts } = endlessStage('x'.repeat(16 * 1024))
      await using api = await startLocalApi({ clock, stages: [findStage, stage] })
      const socket = connect(api.port, '127.0.0.1')
      socket.pause()
      socket.on('error', () => socket.destroy())
      socket.write(requestText(api.port, 'text/plain'))
      // Sockets buffer some megabytes; then nothing more is asked of the model.
      await held(clock, counts)
      const heldAt = counts.pieces
      expect(heldAt * 16 * 1024).toBeLessThan(32 * 1024 * 1024)
      clock.advance(59_999)
      expect(api.service.answers.count).toBe(1)

      // A reader that takes a little starts the minute anew.
      socket.resume()
      await until(() => counts.pieces > heldAt + 50)
      socket.pause()
      await held(clock, counts)
      clock.advance(59_999)
      expect(api.service.answers.count).toBe(1)
      clock.advance(1)
      await until(() => api.service.answers.count === 0)
      expect(counts).toMatchObject({ running: 0, ended: 1 })
      expect(api.log.lines.filter((line) => line.endsWith('client disconnected'))).toHaveLength(1)
      socket.destroy()
    },
  )
})
