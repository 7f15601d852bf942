import { fc, test } from '@fast-check/vitest'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TextSlice } from '../../../../../src/shared/anchor.ts'
import { documentIdSchema } from '../../../../../src/shared/ids.ts'
import { cutChunks, initialCutState, keywordsOnlyNotice } from '../../../../../src/main/ingest/chunk/cut-chunks.ts'
import type { Chunk, CutState } from '../../../../../src/main/ports/chunks.ts'
import { createTokenizers } from '../../../../../src/main/worker/tokenizers.ts'
import { type BlockSpec, sliceOf } from './slices.ts'

const tokenizers = createTokenizers(join(process.cwd(), 'resources', 'models'))
const documentId = documentIdSchema.parse('ab'.repeat(32))
const options = { documentId, countTokens: tokenizers.count }

function cut(...slices: readonly TextSlice[]): { readonly chunks: readonly Chunk[]; readonly state: CutState } {
  let state = initialCutState
  const chunks: Chunk[] = []
  for (const slice of slices) {
    const result = cutChunks(slice, state, options)
    chunks.push(...result.chunks)
    state = result.state
  }
  return { chunks, state }
}

function expectSound(slice: TextSlice, chunks: readonly Chunk[]): void {
  let position = slice.start
  for (const chunk of chunks) {
    expect(chunk.start).toBeGreaterThanOrEqual(position)
    expect(slice.text.slice(position - slice.start, chunk.start - slice.start)).not.toMatch(/[\p{L}\p{N}]/u)
    expect(chunk.text).toBe(slice.text.slice(chunk.start - slice.start, chunk.end - slice.start))
    expect(chunk.text.trim()).toBe(chunk.text)
    expect(tokenizers.count(chunk.embeddingText, chunk.embedder) + 2).toBeLessThanOrEqual(256)
    expect(chunk.text.length).toBeLessThanOrEqual(2_048)
    expect(chunk.text.isWellFormed()).toBe(true)
    position = chunk.end
  }
  expect(slice.text.slice(position - slice.start)).not.toMatch(/[\p{L}\p{N}]/u)
}

const sentence = 'The board may declare a dividend out of the distributable profits of the company. '
const chineseSentence = '用人单位与劳动者协商一致，可以解除劳动合同。'

describe('cutChunks', () => {
  it('packs small neighbours and counts as the tokenizer does', () => {
    const { chunks } = cut(
      sliceOf([
        ['paragraph', 'First small one.'],
        ['list-item', 'second'],
        ['list-item', 'third'],
      ]),
    )
    expect(chunks).toHaveLength(1)
    expect(chunks[0]).toMatchObject({
      ordinal: 0,
      start: 0,
      page: null,
      lastPage: null,
      language: 'en',
      embedder: 'all-MiniLM-L6-v2',
      id: `${'ab'.repeat(8)}-0`,
    })
    expect(chunks[0]?.tokenCount).toBe(tokenizers.encode(chunks[0]?.embeddingText ?? '', 'all-MiniLM-L6-v2')[0]?.length)
    expect(chunks[0]?.keywordText).toBe('first small one second third')
    expect(chunks[0]?.hash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('opens a chunk at each heading, keeps it inside and the path above in the embedding text', () => {
    const slice = sliceOf([
      ['heading', 'Handbook', 1],
      ['heading', 'Leave', 2],
      ['paragraph', 'Thirty days a year.'],
      ['heading', 'Notice', 2],
      ['paragraph', sentence.repeat(30).trim()],
    ])
    const { chunks } = cut(slice)
    expectSound(slice, chunks)
    expect(chunks[0]?.text).toBe('Handbook\n\nLeave\n\nThirty days a year.')
    expect(chunks[0]?.embeddingText).toBe(chunks[0]?.text)
    expect(chunks[0]?.headingPath).toEqual(['Handbook', 'Leave'])
    expect(chunks[1]?.text.startsWith('Notice\n\nThe board')).toBe(true)
    expect(chunks[1]?.embeddingText.startsWith('Handbook\nNotice\n\nThe board')).toBe(true)
    expect(chunks[2]?.embeddingText.startsWith('Handbook > Notice\nThe board')).toBe(true)
    expect(chunks[2]?.headingPath).toEqual(['Handbook', 'Notice'])
    for (const chunk of chunks.slice(1)) expect(chunk.text.endsWith('.')).toBe(true)
  })

  it('keeps the heading path over slices and never crosses one', () => {
    const first = sliceOf(
      [
        ['heading', 'Terms', 1],
        ['paragraph', 'Short.'],
      ],
      { page: 3 },
    )
    const second = sliceOf([['paragraph', 'More on the next page.']], { ordinal: 1, start: first.end, page: 4 })
    const { chunks } = cut(first, second)
    expect(chunks.map(({ page, lastPage, ordinal, start }) => ({ page, lastPage, ordinal, start }))).toEqual([
      { page: 3, lastPage: 3, ordinal: 0, start: 0 },
      { page: 4, lastPage: 4, ordinal: 1, start: first.end },
    ])
    expect(chunks[1]?.embeddingText).toBe('Terms\nMore on the next page.')
  })

  it('gives each language its embedder and parts them', () => {
    const slice = sliceOf([
      ['heading', 'Vertrag'],
      ['paragraph', sentence.trim()],
      ['paragraph', chineseSentence.repeat(3)],
      ['paragraph', 'GPT-4'],
      ['paragraph', sentence.trim()],
    ])
    const { chunks } = cut(slice)
    expectSound(slice, chunks)
    expect(chunks.map(({ embedder, language }) => [embedder, language])).toEqual([
      ['all-MiniLM-L6-v2', 'en'],
      ['bge-small-zh-v1.5', 'zh'],
      ['all-MiniLM-L6-v2', 'en'],
    ])
    expect(chunks[1]?.text.endsWith('GPT-4')).toBe(true)
  })

  it('lets a heading follow the language of its text', () => {
    const { chunks } = cut(
      sliceOf([
        ['heading', 'Introduction to the whole of the employment handbook'],
        ['paragraph', chineseSentence.repeat(3)],
      ]),
    )
    expect(chunks).toHaveLength(1)
    expect(chunks[0]?.embedder).toBe('bge-small-zh-v1.5')
    expect(chunks[0]?.tokenCount).toBe(
      tokenizers.encode(chunks[0]?.embeddingText ?? '', 'bge-small-zh-v1.5')[0]?.length,
    )
  })

  it('repeats the header row of a table for the embedder only', () => {
    const rows = Array.from({ length: 60 }, (_, index) => `Item ${index}\t${index * 7}\tEUR`)
    const slice = sliceOf([['table', ['Name\tPrice\tCurrency', ...rows].join('\n')]])
    const { chunks } = cut(slice)
    expectSound(slice, chunks)
    expect(chunks.length).toBeGreaterThan(1)
    expect(chunks[1]?.embeddingText.startsWith('Name\tPrice\tCurrency\nItem ')).toBe(true)
    expect(chunks[1]?.text.startsWith('Item ')).toBe(true)
  })

  it('takes nested and wrong blocks as they come', () => {
    const text = 'Intro text. Row one cell\nRow two cell\nTail'
    const slice: TextSlice = {
      ...sliceOf([['paragraph', text]]),
      blocks: [
        { kind: 'table', level: 0, start: 12, end: 37 },
        { kind: 'table-row', level: 0, start: 12, end: 24 },
        { kind: 'table-row', level: 0, start: 20, end: 37 },
        { kind: 'paragraph', level: 0, start: 30, end: 9_999 },
        { kind: 'paragraph', level: 0, start: -5, end: 3 },
      ],
    }
    expectSound(slice, cut(slice).chunks)
  })

  it('says when the document is in scripts no embedder knows', () => {
    expect(
      keywordsOnlyNotice(cut(sliceOf([['paragraph', 'Договор может быть расторгнут в любое время.']])).state),
    ).toEqual({ code: 'keywords-only', values: { percent: 100 } })
    expect(keywordsOnlyNotice(cut(sliceOf([['paragraph', '労働契約は終了することができます。']])).state)?.code).toBe(
      'keywords-only',
    )
    expect(keywordsOnlyNotice(cut(sliceOf([['paragraph', sentence + 'Ω = 3 αβ']])).state)).toBeNull()
    expect(keywordsOnlyNotice(cut(sliceOf([['paragraph', chineseSentence]])).state)).toBeNull()
    expect(keywordsOnlyNotice(initialCutState)).toBeNull()
  })

  it('leaves out what holds neither letters nor digits', () => {
    expect(cut(sliceOf([['paragraph', '— * —']])).chunks).toEqual([])
  })

  const words = fc.constantFrom(
    'the',
    'Dividend',
    'e.g.',
    '劳动合同',
    '解除。',
    '，',
    '.',
    'x'.repeat(90),
    '한국어',
    'α',
    '3.14',
    '\n',
    'Договор',
    '😀',
    'e\u0301',
    '     ',
    'supercalifragilistic',
  )
  const blockText = fc
    .array(words, { minLength: 1, maxLength: 400 })
    .chain((list) => fc.constantFrom('', ' ').map((gap) => list.join(gap)))
  const block: fc.Arbitrary<BlockSpec> = fc.tuple(
    fc.constantFrom('heading', 'paragraph', 'list-item', 'table', 'code', 'quote'),
    blockText,
    fc.integer({ min: 1, max: 6 }),
  )
  test.prop([fc.array(block, { minLength: 1, maxLength: 8 }), fc.nat(100_000)], { numRuns: 60 })(
    'keeps every letter once, within all limits',
    (specs, start) => {
      const slice = sliceOf(specs, { start })
      expectSound(slice, cut(slice).chunks)
    },
  )

  it.each([
    ['one word', 'a'.repeat(500_000)],
    ['Han without marks', '劳'.repeat(200_000)],
    ['full stops', `x${'.'.repeat(100_000)}`],
    ['spaced digits', '1 '.repeat(100_000)],
    ['emoji', '😀👩‍👩‍👧'.repeat(30_000)],
    ['headings', '# x\n'.repeat(50_000)],
  ])('gets through hostile text: %s', (_name, text) => {
    const slice = sliceOf([['paragraph', text]])
    expectSound(slice, cut(slice).chunks)
  })

  it('gets through 20,000 headings', () => {
    const slice = sliceOf(
      Array.from({ length: 20_000 }, (_, index): BlockSpec => ['heading', `Part ${index}`, (index % 6) + 1]),
    )
    expectSound(slice, cut(slice).chunks)
  })
})
