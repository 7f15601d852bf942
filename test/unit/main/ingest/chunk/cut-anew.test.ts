import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { chunkerVersion, defaultChunkSettings } from '../../../../../src/main/ingest/chunk/chunk-settings.ts'
import { cutAnew } from '../../../../../src/main/ingest/chunk/cut-anew.ts'
import { cutChunks, initialCutState } from '../../../../../src/main/ingest/chunk/cut-chunks.ts'
import { documentIdSchema } from '../../../../../src/shared/ids.ts'
import { sliceOf } from './slices.ts'

const options = {
  documentId: documentIdSchema.parse('a'.repeat(64)),
  countTokens: (text: string): number => text.split(/\s+|(?=[\u4e00-\u9fff])/).filter((word) => word !== '').length,
}
const english = 'The tenant may end the lease with a notice of six months, in writing, to the office of the owner. '
const chinese = '承租人可以提前六个月书面通知出租人解除合同，押金在交接之后退还。'

function texts() {
  const first = sliceOf([
    ['heading', 'Notice and repair', 1],
    ['paragraph', english.repeat(9).trim()],
    ['heading', 'Short', 2],
    ['paragraph', 'Keys are left at the desk.'],
    ['table', 'Room | Rent\nHall | 900\nAttic | 350'],
  ])
  const second = sliceOf(
    [
      ['paragraph', chinese.repeat(14)],
      ['code', 'const rent = 900\nconst deposit = rent * 2'],
      ['list-item', english.trim()],
    ],
    { ordinal: 1, start: first.end },
  )
  return [first, second]
}

it('a page that was recognised from its picture stands alone, as it did when it was recognised', () => {
  const [first, second] = texts()
  if (first === undefined || second === undefined) throw new Error('two slices')
  const recognised = { ...second, page: { number: 1, width: 595, height: 842, confidence: 90 } }
  const { chunks } = cutAnew([first, recognised], null, options)
  const own = cutChunks(first, initialCutState, options)
  const page = cutChunks(recognised, { ...initialCutState, nextOrdinal: own.state.nextOrdinal }, options)
  expect(chunks).toEqual([...own.chunks, ...page.chunks])
  expect(page.chunks[0]?.headingPath).toEqual([])
})

/** Libraries are cut anew only when the version is raised: a change of what comes out, or of the settings, has to raise it. */
it('the version of the chunker stands for its settings and for all that it makes of a text', () => {
  const { chunks } = cutAnew(texts(), null, options)
  const made = createHash('sha256')
    .update(JSON.stringify([defaultChunkSettings, chunks]))
    .digest('hex')
  expect({ version: chunkerVersion, made: made.slice(0, 16) }).toEqual({ version: 1, made: 'd9fba63a9b395276' })
})
