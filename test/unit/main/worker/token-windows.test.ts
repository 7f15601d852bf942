import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { joinVectors } from '../../../../src/main/worker/pooling.ts'
import { tokenWindows } from '../../../../src/main/worker/token-windows.ts'

const [cls, sep] = [101, 102]
const between = (plain: readonly number[]) => ({ whole: [cls, ...plain, sep], plain })
const ids = (count: number, from = 1_000) => Array.from({ length: count }, (_, index) => from + index)

describe('a text beyond the limit of its embedder', () => {
  it('is read as it is while it fits', () => {
    const text = between(ids(30))
    expect(tokenWindows(text, { limitTokens: 32, prefix: [] })).toEqual([text.whole])
  })

  it('is read in pieces of equal length, each between the special tokens and behind the prefix', () => {
    const prefix = [7, 8]
    const pieces = tokenWindows(between([...prefix, ...ids(50)]), { limitTokens: 32, prefix })
    expect(pieces.map((piece) => piece.length)).toEqual([29, 29])
    for (const piece of pieces) expect([...piece.slice(0, 3), piece.at(-1)]).toEqual([cls, 7, 8, sep])
    expect(pieces.flatMap((piece) => piece.slice(3, -1))).toEqual(ids(50))
  })

  it('knows models without special tokens, and with several before the text', () => {
    expect(tokenWindows({ whole: ids(9), plain: ids(9) }, { limitTokens: 4, prefix: [] })).toEqual([
      ids(3),
      ids(3, 1_003),
      ids(3, 1_006),
    ])
    const [first] = tokenWindows({ whole: [1, 2, ...ids(9)], plain: ids(9) }, { limitTokens: 7, prefix: [] })
    expect(first).toEqual([1, 2, ...ids(5)])
  })

  it('gives up a prefix that would leave no room', () => {
    const prefix = ids(20, 1)
    const pieces = tokenWindows(between([...prefix, ...ids(20)]), { limitTokens: 16, prefix })
    expect(pieces.flatMap((piece) => piece.slice(1, -1))).toEqual([...prefix, ...ids(20)])
  })

  test.prop([fc.array(fc.nat({ max: 50 }), { maxLength: 300 }), fc.integer({ min: 16, max: 64 }), fc.nat({ max: 20 })])(
    'whatever it is: no piece is too long, and every token is in one, in order',
    (plain, limitTokens, prefixLength) => {
      const prefix = plain.slice(0, prefixLength)
      const pieces = tokenWindows(between(plain), { limitTokens, prefix })
      for (const piece of pieces) {
        expect(piece.length).toBeLessThanOrEqual(limitTokens)
        expect([piece[0], piece.at(-1)]).toEqual([cls, sep])
      }
      const repeated = pieces.length > 1 && prefix.length <= (limitTokens - 2) / 2 ? prefix.length : 0
      const read = pieces.flatMap((piece, index) => piece.slice(index === 0 ? 1 : 1 + repeated, -1))
      expect(read).toEqual(plain)
    },
  )
})

describe('the vector of several pieces', () => {
  it('is their mean by length, of length 1; a single piece is left alone', () => {
    const east = Float32Array.of(1, 0)
    const north = Float32Array.of(0, 1)
    expect(joinVectors([{ vector: east, weight: 3 }])).toBe(east)
    expect(joinVectors([])).toBeNull()
    const [x = 0, y = 0] =
      joinVectors([
        { vector: east, weight: 3 },
        { vector: north, weight: 4 },
      ]) ?? []
    expect(x).toBeCloseTo(0.6)
    expect(y).toBeCloseTo(0.8)
    expect(
      joinVectors([
        { vector: east, weight: 1 },
        { vector: Float32Array.of(-1, 0), weight: 1 },
      ]),
    ).toBeNull()
  })
})
