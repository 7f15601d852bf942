import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { comparePassage } from '../../../src/renderer/features/evidence/compare-passage.ts'
import { type DiffPiece, diffWords } from '../../../src/renderer/features/evidence/word-diff.ts'

/** `[-removed-]` and `{+added+}` as `wdiff` prints them; white space at their ends left out. */
function shown(pieces: readonly DiffPiece[]): string {
  return pieces
    .map(({ kind, text }) => {
      const space = /\s*$/.exec(text)?.[0] ?? ''
      if (kind === 'same') return text
      return `${kind === 'removed' ? `[-${text.trimEnd()}-]` : `{+${text.trimEnd()}+}`}${space}`
    })
    .join('')
}

const compacted = (text: string): string => text.replaceAll(/\s+/g, '')

describe('what became of a text', () => {
  it.each([
    ['six months', 'six months', 'six months'],
    ['six months', 'six\n  months', 'six\n  months'],
    ['after six months of notice', 'after nine months of notice', 'after [-six-] {+nine+} months of notice'],
    ['rent of 1,200.50 a month', 'rent of 1,350.50 a month', 'rent of [-1,200.50-] {+1,350.50+} a month'],
    ['the written notice', 'the notice', 'the [-written-] notice'],
    ['the notice', 'the written notice', 'the {+written+} notice'],
    ['Tenant pays', 'tenant pays', '[-Tenant-] {+tenant+} pays'],
    ['须提前三十日书面通知出租人', '须提前六十日书面通知出租人', '须提前[-三十日-]{+六十日+}书面通知出租人'],
    ['租期两年。', '租期两年，可续一年。', '租期两年{+，可续一年+}。'],
    ['', 'new', '{+new+}'],
    ['old', '', '[-old-]'],
    ['', '', ''],
  ])('%j, then %j', (earlier, later, expected) => {
    expect(shown(diffWords(earlier, later))).toBe(expected)
  })

  it('one short word between two changes belongs to the change', () => {
    expect(shown(diffWords('three of four wise judges', 'nine of ten wise judges'))).toBe(
      '[-three of four-] {+nine of ten+} wise judges',
    )
  })

  it('two texts without a word in common are told apart as wholes, also very long ones', () => {
    const earlier = Array.from({ length: 3_000 }, (_, index) => `a${index}`).join(' ')
    const later = Array.from({ length: 3_000 }, (_, index) => `b${index}`).join(' ')
    expect(diffWords(earlier, later).map(({ kind }) => kind)).toEqual(['removed', 'added'])
  })

  const word = fc.constantFrom('the', 'lease', 'ends', '30', '60', 'May', '租约', '于', '五月', '.', '，')
  const text = fc.array(word, { maxLength: 40 }).map((words) => words.join(' '))
  test.prop([text, text])('loses nothing of either text, and keeps the order', (earlier, later) => {
    const pieces = diffWords(earlier, later)
    const of = (...kinds: readonly DiffPiece['kind'][]): string =>
      compacted(
        pieces
          .filter(({ kind }) => kinds.includes(kind))
          .map((piece) => piece.text)
          .join(''),
      )
    expect(of('same', 'added')).toBe(compacted(later))
    expect(of('same', 'removed')).toBe(compacted(earlier))
    for (const { kind, start, end, text: words } of pieces)
      expect((kind === 'removed' ? earlier : later).slice(start, end)).toBe(words)
  })

  test.prop([text])('finds no difference where there is none', (same) => {
    expect(diffWords(same, same).every(({ kind }) => kind === 'same')).toBe(true)
  })
})

describe('a kept passage beside a longer stretch', () => {
  const kept = 'The tenant may end the lease after three years. Notice is given in writing.'
  const before = 'Rent is due on the first day of each month. Repairs of the roof are paid by the landlord alone. '
  const after = ' Keys are returned on the last day. The deposit is paid back within two months of that day.'

  it('leaves out what only stands around it', () => {
    const comparison = comparePassage(kept, before + kept.replace('three', 'five') + after)
    expect(shown(comparison.pieces)).toBe(
      'The tenant may end the lease after [-three-] {+five+} years. Notice is given in writing. '.trimEnd() + ' ',
    )
    expect(comparison.differences).toBe(1)
    expect((before + kept.replace('three', 'five') + after).slice(comparison.start, comparison.end).trim()).toBe(
      kept.replace('three', 'five'),
    )
  })

  it('shows what took the place of words at its edges, and not the whole neighbourhood', () => {
    const standing = `${before}A lessee may end the lease after three years. Notice is given by registered letter.${after}`
    const { pieces, differences } = comparePassage(kept, standing)
    const text = shown(pieces)
    expect(differences).toBe(2)
    expect(text).toContain('[-The tenant-] {+A lessee+} may end')
    expect(text).not.toContain('roof')
    expect(text).not.toContain('deposit')
    expect(text).toContain('by registered letter.')
  })

  it('says that nothing differs where only the neighbourhood does', () => {
    expect(comparePassage(kept, before + kept + after)).toMatchObject({ differences: 0 })
  })

  it('keeps all of the passage, whatever stands there', () => {
    const { pieces } = comparePassage(kept, 'Nothing of that kind.')
    const words = pieces
      .filter(({ kind }) => kind !== 'added')
      .map(({ text }) => text)
      .join('')
    expect(compacted(words)).toBe(compacted(kept))
  })

  const word = fc.constantFrom('the', 'lease', 'ends', '30', 'May', '租约', '五月', '.')
  const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(' '))
  test.prop([text, text])('keeps all of the passage in every comparison', (passage, standing) => {
    const words = comparePassage(passage, standing)
      .pieces.map(({ kind, text: piece }) => (kind === 'added' ? '' : piece))
      .join('')
    expect(compacted(words)).toBe(compacted(passage))
  })
})
