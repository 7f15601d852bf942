import { describe, expect, it } from 'vitest'
import { mentionAt, withoutMention } from '../../../src/renderer/features/conversation/mention.ts'

describe('an @ in a question', () => {
  it.each([
    ['@', 1, { start: 0, query: '' }],
    ['what of @lea', 12, { start: 8, query: 'lea' }],
    ['what of @lea now', 12, { start: 8, query: 'lea' }],
    ['@My leases', 10, { start: 0, query: 'My leases' }],
    ['请看＠租约', 5, { start: 2, query: '租约' }],
    ['租约@合同', 5, { start: 2, query: '合同' }],
  ])('%j at %i is one', (text, caret, mention) => expect(mentionAt(text, caret)).toEqual(mention))

  it.each([
    ['no', 2],
    ['write to a@b.c', 14],
    ['@ alone', 7],
    ['@two\nlines', 10],
    [`@${'x'.repeat(61)}`, 62],
    ['@lea', 0],
  ])('%j at %i is none', (text, caret) => expect(mentionAt(text, caret)).toBeNull())

  it('leaves the question without it', () => {
    expect(withoutMention('what of @lea now', { start: 8, query: 'lea' })).toEqual({ text: 'what of now', caret: 8 })
    expect(withoutMention('@lea', { start: 0, query: 'lea' })).toEqual({ text: '', caret: 0 })
    expect(withoutMention('租约@合同呢', { start: 2, query: '合同' })).toEqual({ text: '租约呢', caret: 2 })
  })
})
