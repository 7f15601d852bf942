import { describe, expect, it } from 'vitest'
import { createAnswers } from '../../../../src/main/answer/answers.ts'
import { conversationIdSchema } from '../../../../src/shared/ids.ts'
import { createManualClock } from '../../../support/manual-clock.ts'
import { createRecordingLog } from '../../../support/recording-log.ts'

const conversation = (digit: number) => conversationIdSchema.parse(`00000000-0000-4000-8000-00000000000${digit}`)
const never = new AbortController().signal

function setUp() {
  const log = createRecordingLog()
  return { log, answers: createAnswers({ clock: createManualClock(), log }) }
}

describe('the registry of active answers', () => {
  it('writes the three lines of a life, each with the id and the counts', () => {
    const { answers, log } = setUp()
    const client = new AbortController()
    const first = answers.open({ frontEnd: 'window:1', conversationId: conversation(1), signal: client.signal })
    const second = answers.open({ frontEnd: 'window:2', conversationId: conversation(2), signal: never })
    client.abort()
    first[Symbol.dispose]()
    second[Symbol.dispose]()
    expect(log.lines).toEqual([
      `answer ${first.id}: opened by window:1, 1 active`,
      `answer ${second.id}: opened by window:2, 2 active`,
      `answer ${first.id}: client disconnected`,
      `answer ${first.id}: closed, 1 active`,
      `answer ${second.id}: closed, 0 active`,
    ])
  })

  it('answers one question of a conversation at a time', () => {
    const { answers } = setUp()
    const first = answers.open({ frontEnd: 'window:1', conversationId: conversation(1), signal: never })
    expect(() => answers.open({ frontEnd: 'window:1', conversationId: conversation(1), signal: never })).toThrow(
      expect.objectContaining({ code: 'busy' }),
    )
    first[Symbol.dispose]()
    expect(answers.open({ frontEnd: 'window:1', conversationId: conversation(1), signal: never }).signal.aborted).toBe(
      false,
    )
  })

  it('aborts by front end and by conversation, nothing else', () => {
    const { answers } = setUp()
    const [a, b, c] = [1, 2, 3].map((digit) =>
      answers.open({
        frontEnd: digit < 3 ? 'window:1' : 'window:2',
        conversationId: conversation(digit),
        signal: never,
      }),
    )
    answers.abortConversation(conversation(2), 'conversation deleted')
    expect([a, b, c].map((answer) => answer?.signal.aborted)).toEqual([false, true, false])
    answers.abortFrontEnd('window:1', 'window closed')
    expect([a, b, c].map((answer) => answer?.signal.aborted)).toEqual([true, true, false])
  })

  it('closes when the last answer has, and then refuses', async () => {
    const { answers } = setUp()
    const answer = answers.open({ frontEnd: 'window:1', conversationId: conversation(1), signal: never })
    let isClosed = false
    const closing = answers.close().then(() => {
      isClosed = true
    })
    expect(answer.signal.aborted).toBe(true)
    await Promise.resolve()
    expect(isClosed).toBe(false)
    answer[Symbol.dispose]()
    await closing
    expect(() => answers.open({ frontEnd: 'x', conversationId: conversation(1), signal: never })).toThrow(/closing/)
  })
})
