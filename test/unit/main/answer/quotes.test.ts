import { expect, it } from 'vitest'
import { createQuoteWriter, type QuotePiece } from '../../../../src/main/answer/quotes.ts'
import type { Passage } from '../../../../src/shared/passage.ts'
import { samplePassage } from '../../../support/sample-passage.ts'

/** Vectors that say nothing: the words alone decide. */
const quotes = createQuoteWriter({
  embedder: {
    processCount: 1,
    yieldToAnswers: () => undefined,
    embed: async (texts) => texts.map(() => new Float32Array([0])),
  },
  routeQuestion: () => ['all-MiniLM-L6-v2'],
})

async function write(question: string, passages: readonly Passage[]): Promise<readonly QuotePiece[]> {
  return Array.fromAsync(quotes(question, passages, { signal: new AbortController().signal }))
}

it('quotes the sentences that hold the words of the question, each with its passage', async () => {
  const lease = samplePassage({
    text: 'Rent is due monthly. The notice to terminate is 180 days. Pets are welcome here.',
  })
  const pieces = await write('What is the notice to terminate?', [lease])
  expect(pieces).toEqual([{ text: '> The notice to terminate is 180 days.', passageId: lease.id }])
})

it('lets nothing of a document become markup or a citation', async () => {
  const hostile = samplePassage({
    text: '# wombat [link](https://a.b) &amp; <b>bold</b> `code` *star* [1] [^2]',
  })
  const [piece] = await write('wombat', [hostile])
  expect(piece?.text).toBe(
    '> \\# wombat \\[link\\](https://a.b) \\&amp; \\<b>bold\\</b> \\`code\\` \\*star\\* \\[\u20601\\] \\[\u2060^2\\]',
  )
})

it('says in the language of the question that nothing was found', async () => {
  expect((await write('有什么？', []))[0]).toMatchObject({ passageId: null, text: expect.stringMatching(/没有/) })
  expect((await write('anything', []))[0]).toMatchObject({ passageId: null, text: expect.stringMatching(/Nothing/) })
})
