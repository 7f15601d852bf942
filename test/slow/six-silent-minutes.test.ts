import { setTimeout as elapse } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { startRecordingModelServer } from '../support/recording-model-server.ts'
import { startCarrelUnderTest } from '../integration/teardown/carrel-under-test.ts'
import { askFromClient, askFromPage } from '../integration/teardown/front-ends.ts'
import { reachChat } from '../integration/teardown/stages.ts'

/** Longer than the five minutes after which HTTP clients commonly give up, for headers as for the body. */
const silentMs = 6 * 60_000

it('six silent minutes before the first byte: the answer completes', { timeout: silentMs + 120_000 }, async () => {
  await using server = await startRecordingModelServer()
  await using under = await startCarrelUnderTest(server.url)
  // The model takes two at a time.
  const askings = {
    'a page, no headers': askFromPage(under, 'window:1', { mode: 'auto' }),
    // Server-sent events.
    'a program at the local API, headers and no line': askFromClient(under, 1, { mode: 'auto' }),
  }
  const chats = await Promise.all(Object.values(askings).map((asking) => reachChat({ server, asking })))
  chats[1]?.sendHeaders()
  await elapse(silentMs)
  for (const chat of chats) {
    expect(chat.isOpen).toBe(true)
    chat.sendText('Late, but whole.')
    chat.finish()
  }
  for (const [name, asking] of Object.entries(askings)) {
    await asking.ended
    expect(asking.received(), name).toContain('Late, but whole.')
    const { turns } = await under.carrel.handlers['conversations:turns']({
      id: asking.conversationId,
      at: 'newest',
      limit: 20,
    })
    expect(turns[0], name).toMatchObject({ finishReason: 'stop', answer: 'Late, but whole.' })
  }
  await server.allClosed()
})
