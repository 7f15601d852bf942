import { fc, test as propertyTest } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { termKinds, wordKind } from '../../../../src/main/storage/term-kinds.ts'
import { queryTerms } from '../../../../src/shared/keyword-terms.ts'

const weights = (query: string): Readonly<Record<string, number>> => {
  const kindOf = termKinds(query)
  return Object.fromEntries(queryTerms(query).terms.map((term) => [term, kindOf(term).weight]))
}

test('a pair inside a word tells most, one across two words least', () => {
  // 文件 | 系统 | 描述
  expect(weights('文件系统描述')).toEqual({ 文件: 1, 件系: 0.25, 系统: 1, 统描: 0.25, 描述: 1 })
})

test('a pair with a word of one character lies between; two such words are one that the dictionary lacks', () => {
  // 从 | 通道 | 读
  expect(weights('从通道读')).toEqual({ 从通: 0.5, 通道: 1, 道读: 0.5 })
  expect(weights('卡雷尔')).toEqual({ 卡雷: 1, 雷尔: 1 })
})

test('a pair that stands in several places is what it is at its best', () => {
  expect(weights('系统统描，统描')['统描']).toBeGreaterThan(0.25)
})

test('words of other scripts are words, beside Chinese too, and Traditional Chinese is told apart as Simplified', () => {
  const kindOf = termKinds('lilo 配置文件')
  expect(kindOf('lilo')).toBe(wordKind)
  expect(weights('檔案系統描述')).toEqual(weights('档案系统描述'))
  expect(weights('檔案系統')['案系']).toBe(0.25)
})

propertyTest.prop([fc.string({ unit: 'binary' })])('every term of any text has a kind within 0 and 1', (text) => {
  const kindOf = termKinds(text)
  for (const term of queryTerms(text).terms) {
    expect(kindOf(term).weight).toBeGreaterThan(0)
    expect(kindOf(term).weight).toBeLessThanOrEqual(1)
    expect(kindOf(term).saturation).toBeGreaterThan(0)
  }
})
