import { expect, it } from 'vitest'
import { groupNeighbours, joinGroup } from '../../../../src/main/answer/join-passages.ts'
import type { FoundPassage } from '../../../../src/main/answer/search-passages.ts'
import { samplePassage } from '../../../support/sample-passage.ts'

const found = (document: string, ordinal: number, tokenCount = 200): FoundPassage => ({
  passage: samplePassage({ document, ordinal }),
  ordinal,
  tokenCount,
  closeness: 0.5,
  similarity: null,
  coverage: null,
})
const limits = { passageCount: 3, passageTokens: 512 }

it('joins neighbours of one document up to the limit, by rank', () => {
  const groups = groupNeighbours([found('a', 4), found('b', 0), found('a', 5), found('a', 3), found('c', 9)], limits)
  expect(groups.map(({ members }) => members.map(({ ordinal }) => ordinal))).toEqual([[4, 5], [0], [3]])
})

it('gives a later neighbour to a group that is full only while there is room', () => {
  const groups = groupNeighbours([found('a', 1, 300), found('a', 2, 300)], { passageCount: 1, passageTokens: 512 })
  expect(groups.map(({ members }) => members.length)).toEqual([1])
})

it('never joins what is not next to each other, or in another document', () => {
  expect(groupNeighbours([found('a', 1), found('a', 3), found('b', 2)], limits)).toHaveLength(3)
})

it('keeps sections apart', () => {
  const other = { ...found('a', 2), passage: samplePassage({ ordinal: 2, headingPath: ['10. Notices'] }) }
  expect(groupNeighbours([found('a', 1), other], limits)).toHaveLength(2)
})

it('keeps identity and score of the best, place of the whole', () => {
  const [group] = groupNeighbours([found('a', 2), found('a', 1)], limits)
  if (group === undefined) throw new Error('no group')
  const passage = joinGroup(group, 1, 'both')
  expect(passage).toMatchObject({
    id: samplePassage({ ordinal: 2 }).id,
    start: 100,
    end: samplePassage({ ordinal: 2 }).end,
    text: 'both',
    rank: 1,
  })
})

it('keeps a scanned page, whose text stands behind the others, apart from the page before it in the text', () => {
  const at = (ordinal: number, page: number): FoundPassage => ({
    ...found('a', ordinal),
    passage: { ...samplePassage({ document: 'a', ordinal }), page, lastPage: page },
  })
  expect(groupNeighbours([at(7, 40), at(8, 3)], limits)).toHaveLength(2)
  expect(groupNeighbours([at(8, 3), at(9, 4)], limits)).toHaveLength(1)
})
