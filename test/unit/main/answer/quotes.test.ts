import { expect, it } from 'vitest'
import { createQuoteWriter, type QuotePiece } from '../../../../src/main/answer/quotes.ts'
import type { Passage } from '../../../../src/shared/passage.ts'
import { createRecordingLog } from '../../../support/recording-log.ts'
import { samplePassage } from '../../../support/sample-passage.ts'

/** Vectors that say nothing: the words alone decide. */
const quotes = createQuoteWriter({
  embedder: {
    processCount: 1,
    yieldToAnswers: () => undefined,
    embed: async (texts) => texts.map(() => new Float32Array([0])),
  },
  log: createRecordingLog(),
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
  expect(pieces).toEqual([
    { text: '> The notice to terminate is 180 days.', passageId: lease.id, place: { start: 21, end: 57 } },
  ])
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

it('quotes no line of a table of contents, no rule and no bare row of numbers', async () => {
  const contents = samplePassage({
    text: [
      'Notice to terminate ........................ 17',
      '第九条 提前退租的通知 ··············· 23',
      'Notice and termination . . . . . . . . . . iv',
      '12 13 14 15 16 17 18 19 20',
      'notice: ______________________________',
      'The notice to terminate is 180 days, see page 17.',
    ].join('\n'),
  })
  expect(await write('What is the notice to terminate?', [contents])).toMatchObject([
    { text: '> The notice to terminate is 180 days, see page 17.', passageId: contents.id },
  ])
})

it('shows leaders as one ellipsis where nothing else can be quoted, and keeps rows that name what they count', async () => {
  const contents = samplePassage({ text: 'Notice to terminate ........................ 17' })
  expect(await write('notice', [contents])).toMatchObject([
    { text: '> Notice to terminate … 17', passageId: contents.id },
  ])
  const row = samplePassage({ text: '6\t1 February 2024\t9,200.00\t110,400.00' })
  expect((await write('February 2024', [row]))[0]?.text).toContain('9,200.00')
})

it('chooses by words alone where the embedder fails, and stops when it is told to', async () => {
  const controller = new AbortController()
  const broken = createQuoteWriter({
    embedder: {
      processCount: 1,
      yieldToAnswers: () => undefined,
      embed: () => Promise.reject(new Error('no model')),
    },
    log: createRecordingLog(),
    routeQuestion: () => ['all-MiniLM-L6-v2'],
  })
  const lease = samplePassage({ text: 'Rent is due monthly. The notice to terminate is 180 days.' })
  const pieces = await Array.fromAsync(broken('What is the notice to terminate?', [lease], controller))
  expect(pieces).toMatchObject([{ text: '> The notice to terminate is 180 days.', passageId: lease.id }])
  controller.abort()
  await expect(Array.fromAsync(broken('What is the notice?', [lease], controller))).rejects.toThrow(/aborted/)
})

it('quotes a sentence that leans on the one before with that one, and no title that only repeats the question', async () => {
  const page = samplePassage({
    text: 'The dead horse\n\nSailors owed a debt to the paymaster. This period was called the dead horse time and lasted two months.',
  })
  expect(await write('What was the dead horse time?', [page])).toEqual([
    {
      text: '> Sailors owed a debt to the paymaster. This period was called the dead horse time and lasted two months.',
      passageId: page.id,
      place: { start: 16, end: page.text.length },
    },
  ])
})

it('quotes how each passage begins where all of a document was asked for, five at most, in order', async () => {
  const passages = Array.from({ length: 12 }, (_, index) =>
    samplePassage({ start: index * 1_000, text: `Part ${index} begins here. And it goes on after that.` }),
  )
  const pieces = await Array.fromAsync(
    quotes('Summarise this', passages, { signal: new AbortController().signal, isOverview: true }),
  )
  const parts = pieces.map(({ text }) => Number(/Part (\d+) begins here\.$/.exec(text)?.[1]))
  expect(parts).toHaveLength(5)
  expect(parts[0]).toBe(0)
  expect(parts).toEqual(parts.toSorted((a, b) => a - b))
  expect(parts.at(-1)).toBeGreaterThan(8)
})
