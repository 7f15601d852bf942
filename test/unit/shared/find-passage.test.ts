import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { createPassageFinder, type LikeStretch } from '../../../src/shared/find-passage.ts'

function find(passage: string, text: string, pieceLength = text.length): LikeStretch | null {
  const finder = createPassageFinder(passage)
  for (let at = 0; at < text.length; at += pieceLength) finder.read(text.slice(at, at + pieceLength), at)
  return finder.best()
}

const clause = 'The tenant may end the lease after the third year with six months of written notice to the landlord.'
const around = 'Rent is due on the first day of each month. The landlord repairs the roof and the outer walls. '

describe('finding a passage in another version of its document', () => {
  it('finds it word by word, and says so', () => {
    const text = around + clause + around
    const found = find(clause, text)
    expect(found?.likeness).toBe(1)
    expect(text.slice(found?.start, found?.end)).toBe(clause.slice(0, -1))
  })

  it('finds what has taken its place', () => {
    const changed =
      'The tenant may end the lease after the fifth year with nine months of written notice to the landlord.'
    const text = around.repeat(20) + changed + around.repeat(20)
    const found = find(clause, text)
    expect(found?.likeness).toBeGreaterThan(0.6)
    expect(text.slice(found?.start, found?.end)).toBe(changed.slice(0, -1))
  })

  it('finds Chinese', () => {
    const text = `第一条 租金按月支付。${'其他条款另行约定。'.repeat(30)}第九条 承租人须提前九十日书面通知出租人，方可解除合同。第十条 完。`
    const found = find('承租人须提前六十日书面通知出租人，方可解除合同。', text)
    expect(found?.likeness).toBeGreaterThan(0.8)
    expect(text.slice(found?.start, found?.end)).toContain('承租人须提前九十日书面通知出租人')
  })

  it('tells how little another text has of it', () => {
    expect(find(clause, 'Sediment from the harbour was measured in spring.')?.likeness ?? 0).toBeLessThan(0.1)
    expect(find(clause, '')).toBeNull()
  })

  it('a word repeated in the text is worth no more than in the passage', () => {
    expect(find('the lease', 'the lease the lease the lease')?.likeness).toBe(1)
    expect(find('the old lease of the house', `${'the old '.repeat(50)}`)?.likeness).toBeLessThan(0.5)
  })

  it('one word alone is found', () => {
    expect(find('Carrel', 'A carrel is a desk.')).toEqual({ start: 2, end: 8, likeness: 1 })
  })

  test.prop([fc.lorem(), fc.lorem(), fc.integer({ min: 5, max: 60 })])(
    'is found wherever it stands, in whole words however the text is cut between them',
    (before, after, cut) => {
      const text = `${before}\n${clause}\n${after}`
      const borders = [...text.matchAll(/\n/g)].map(({ index }) => index + 1)
      const finder = createPassageFinder(clause)
      let at = 0
      for (const border of [...borders.filter((place) => place % cut !== 0), text.length]) {
        finder.read(text.slice(at, border), at)
        at = border
      }
      expect(finder.best()?.likeness).toBe(1)
    },
  )
})
