import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { AnswerStage } from '../../../../src/main/answer/draft.ts'
import { createKnownChats, readChat } from '../../../../src/main/local-api/chat-completions.ts'
import { seedConversation } from '../../../../src/main/local-api/seed-conversation.ts'
import { AppError } from '../../../../src/shared/errors.ts'
import { type ConversationId, conversationIdSchema } from '../../../../src/shared/ids.ts'
import { createRecordedTurns } from '../../../support/answer-fakes.ts'
import {
  findStage,
  type LocalApiFixture,
  startLocalApi,
  testToken,
  writeStage,
} from '../../../support/local-api-fixture.ts'

function clientOf(api: LocalApiFixture): OpenAI {
  return new OpenAI({ baseURL: `${api.url}/v1`, apiKey: testToken, maxRetries: 0 })
}
const ask = [{ role: 'user' as const, content: 'What notice?' }]
const counted: AnswerStage = {
  name: 'count',
  // oxlint-disable-next-line require-yield
  async *run(draft) {
    draft.promptTokens = 12
    draft.answerTokens = 3
  },
}

describe('POST /v1/chat/completions, through the openai package', () => {
  it('answers whole, with citations in the text and sources beside it', async () => {
    await using api = await startLocalApi({ stages: [findStage, writeStage(['Yes ', '[1].']), counted] })
    const completion = await clientOf(api).chat.completions.create({ model: 'carrel', messages: ask })
    expect(completion).toMatchObject({
      object: 'chat.completion',
      model: 'carrel',
      choices: [{ message: { role: 'assistant', content: 'Yes [1].' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
      carrel: { mode: 'generated', sources: [{ metadata: { cited: true } }, {}, {}] },
    })
    expect(api.turns.begun.map(({ question }) => question)).toEqual(['What notice?'])
  })

  it('streams, with the usage where it is asked for', async () => {
    await using api = await startLocalApi({ stages: [findStage, writeStage(['Yes ', '[1].']), counted] })
    const stream = await clientOf(api).chat.completions.create({
      model: 'carrel',
      messages: ask,
      stream: true,
      stream_options: { include_usage: true },
    })
    const chunks = await Array.fromAsync(stream)
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('Yes [1].')
    expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant')
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop')
    expect(chunks.at(-2)).toMatchObject({ carrel: { sources: [{ metadata: { cited: true } }, {}, {}] } })
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 15 } })
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
  })

  it('fails as the client expects it: by status, and in the middle of a stream', async () => {
    const failing: AnswerStage = {
      name: 'generate',
      async *run() {
        yield { type: 'token', text: 'half' }
        throw new AppError('generation-failed', 'The model failed. Ask again.')
      },
    }
    await using api = await startLocalApi({ stages: [findStage, failing] })
    const client = clientOf(api)
    await expect(client.chat.completions.create({ model: 'carrel', messages: ask })).rejects.toMatchObject({
      status: 502,
      code: 'generation-failed',
    })
    const stream = await client.chat.completions.create({ model: 'carrel', messages: ask, stream: true })
    await expect(Array.fromAsync(stream)).rejects.toThrow('The model failed')
    await expect(
      new OpenAI({ baseURL: `${api.url}/v1`, apiKey: 'wrong', maxRetries: 0 }).models.list(),
    ).rejects.toMatchObject({ status: 401 })
    expect(api.service.answers.count).toBe(0)
  })

  it('closes the answer when the client breaks off', async () => {
    const endless: AnswerStage = {
      name: 'generate',
      async *run(_draft, { signal }) {
        yield { type: 'token', text: 'half' }
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      },
    }
    await using api = await startLocalApi({ stages: [findStage, endless] })
    const stream = await clientOf(api).chat.completions.create({ model: 'carrel', messages: ask, stream: true })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content === 'half') break
    while (api.service.answers.count > 0) await new Promise((resolve) => setImmediate(resolve))
    expect(api.turns.finished.map(({ answer }) => answer.finishReason)).toEqual(['aborted'])
  })

  it('goes on with the conversation when the client sends the chat back, and seeds one it does not know', async () => {
    const seeded: { readonly id: ConversationId; readonly count: number }[] = []
    await using api = await startLocalApi({
      service: { seedConversation: (id, turns) => void seeded.push({ id, count: turns.length }) },
    })
    const client = clientOf(api)
    const first = await client.chat.completions.create({ model: 'carrel', messages: ask })
    const answer = first.choices[0]?.message.content ?? ''
    await client.chat.completions.create({
      model: 'carrel',
      messages: [
        { role: 'system', content: 'Be brief.' },
        ...ask,
        { role: 'assistant', content: answer },
        { role: 'user', content: 'And in 2024?' },
      ],
    })
    const [one, two] = api.turns.begun
    expect(two?.conversationId).toBe(one?.conversationId)
    await client.chat.completions.create({
      model: 'carrel',
      messages: [...ask, { role: 'assistant', content: 'Something else.' }, { role: 'user', content: 'Why?' }],
    })
    const three = api.turns.begun[2]
    expect(three?.conversationId).not.toBe(one?.conversationId)
    expect(seeded.at(-1)).toEqual({ id: three?.conversationId, count: 2 })
  })
})

describe('what a chat says', () => {
  it('is nothing without a last word of the user', () => {
    expect(readChat([{ role: 'system', content: 'x' }])).toBeNull()
    expect(
      readChat([
        { role: 'user', content: 'x' },
        { role: 'assistant', content: 'y' },
      ]),
    ).toBeNull()
    expect(readChat([{ role: 'user', content: '  ' }])).toBeNull()
    expect(
      readChat([
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
      ]),
    ).toEqual({
      question: 'a\nb',
      before: [],
    })
  })

  it('is remembered for a thousand chats', () => {
    const chats = createKnownChats()
    const idOf = (number: number) =>
      conversationIdSchema.parse(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`)
    for (let number = 0; number <= 1_000; number++)
      chats.remember([{ role: 'user', content: `${number}` }], idOf(number))
    expect(chats.find([{ role: 'user', content: '0' }])).toBeNull()
    expect(chats.find([{ role: 'user', content: '1' }])).toBe(idOf(1))
    expect(chats.find([])).toBeNull()
  })

  it('is written into an unknown conversation as turns, and never into a known one', () => {
    const id = conversationIdSchema.parse('00000000-0000-4000-8000-000000000001')
    const turns = createRecordedTurns()
    const said = [
      { role: 'user', content: 'One?' },
      { role: 'assistant', content: 'First.' },
      { role: 'user', content: 'left alone' },
    ] as const
    seedConversation({ ...turns, summary: () => null }, id, said)
    expect(turns.begun.map(({ question }) => question)).toEqual(['One?'])
    expect(turns.finished.map(({ answer }) => answer.answer)).toEqual(['First.'])
    const known = { id, title: '', createdAt: 0, updatedAt: 0, turnCount: 1, state: 'complete' } as const
    seedConversation({ ...turns, summary: () => known }, id, said)
    expect(turns.begun).toHaveLength(1)
  })
})
