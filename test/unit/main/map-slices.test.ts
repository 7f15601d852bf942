import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createDocumentMapper } from '../../../src/main/map-slices.ts'
import { buildSlices, type RawBlock } from '../../../src/main/ingest/parse/slice-builder.ts'
import { blockKinds } from '../../../src/shared/anchor.ts'
import type { DocumentKind } from '../../../src/shared/document.ts'
import type { DocumentMap } from '../../../src/shared/document-map.ts'
import { readDocument } from '../../support/documents/read-document.ts'

function mapOf(blocks: readonly RawBlock[], kind: DocumentKind = 'text', maxUnits?: number): DocumentMap {
  const mapper = createDocumentMapper(kind)
  for (const slice of buildSlices(blocks, maxUnits === undefined ? {} : { maxUnits })) mapper.add(slice)
  return mapper.finish()
}

const row = (text: string, tight = true): RawBlock => ({ kind: 'table-row', level: 0, text, tight })

describe('the map of a document', () => {
  const rawBlock = fc.record({
    kind: fc.constantFrom(...blockKinds),
    level: fc.integer({ min: 0, max: 3 }),
    text: fc.lorem({ maxCount: 60 }),
    tight: fc.boolean(),
  })
  test.prop([fc.array(rawBlock, { maxLength: 60 }), fc.integer({ min: 300, max: 5_000 })])(
    'cuts all of it into leaves, never inside a block or over the border of a slice',
    (blocks, maxUnits) => {
      const slices = [...buildSlices(blocks, { maxUnits })]
      const { leaves } = mapOf(blocks, 'text', maxUnits)
      let at = 0
      for (const leaf of leaves) {
        expect(leaf.start).toBe(at)
        expect(leaf.end).toBeGreaterThan(leaf.start)
        at = leaf.end
        const slice = slices.find(({ start, end }) => start <= leaf.start && leaf.end <= end)
        expect(slice).toBeDefined()
        for (const { start, end } of slice?.blocks ?? []) {
          expect(start < leaf.start && end > leaf.start).toBe(false)
          expect(start < leaf.end && end > leaf.end).toBe(false)
        }
      }
      expect(at).toBe(slices.at(-1)?.end ?? 0)
    },
  )

  it('follows a table over slices, and begins a new one behind an empty line', () => {
    const rows = Array.from({ length: 400 }, (_unused, index) => row(`Quay ${index} | ${index}.5 m`, index > 0))
    const { tables, leaves } = mapOf([...rows, row('Name | Rank', false), row('Ann | captain')], 'sheet', 1_000)
    expect(tables.map(({ rows: count }) => count)).toEqual([400, 2])
    expect(tables[1]).toMatchObject({ header: { cells: ['Name', 'Rank'] }, widths: [4, 7] })
    expect(Math.max(...leaves.map(({ blocks }) => blocks))).toBeLessThanOrEqual(40)
  })

  it('takes a first row for a heading where it is one', () => {
    expect(mapOf([row('Port | Depth', false), row('North | 7.2')], 'sheet').tables[0]?.header?.cells).toEqual([
      'Port',
      'Depth',
    ])
    expect(mapOf([row('North | 7.2', false), row('South | 9.8')], 'sheet').tables[0]?.header).toBeNull()
    // Of other documents only where the file says it.
    expect(mapOf([row('Port | Depth', false), row('North | 7.2')], 'docx').tables[0]?.header).toBeNull()
    expect(
      mapOf([{ ...row('Port | Depth', false), level: 1 }, row('North | 7.2')], 'docx').tables[0]?.header,
    ).not.toBeNull()
  })

  it('puts cells into their columns', () => {
    const gaps: RawBlock = { ...row('left | right'), columns: [0, 4] }
    expect(mapOf([row('a | b | c | d | e', false), gaps], 'sheet').tables[0]?.widths).toEqual([4, 1, 1, 1, 5])
  })

  it('names headings, and gives each slide leaves of its own', async () => {
    const { slices } = await readDocument(
      'a.md',
      new TextEncoder().encode('# One\n\nfirst\n\n## Two\n\nsecond\n\n# Three\n\nthird\n'),
    )
    const mapper = createDocumentMapper('slides')
    for (const slice of slices) mapper.add(slice)
    const { headings, leaves } = mapper.finish()
    expect(headings.map(({ level, title }) => [level, title])).toEqual([
      [1, 'One'],
      [2, 'Two'],
      [1, 'Three'],
    ])
    expect(leaves.map(({ start }) => start)).toEqual([0, headings[2]?.start])
  })
})
