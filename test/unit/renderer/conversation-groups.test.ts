import { describe, expect, it } from 'vitest'
import { groupByDate } from '../../../src/renderer/features/conversation/conversation-groups.ts'
import { conversationIdSchema } from '../../../src/shared/ids.ts'

const at = (text: string): number => new Date(text).getTime()
const conversation = (updatedAt: number) => ({
  id: conversationIdSchema.parse(crypto.randomUUID()),
  title: String(updatedAt),
  createdAt: 0,
  updatedAt,
  turnCount: 1,
  state: 'complete' as const,
})

describe('conversations by date', () => {
  const now = at('2026-03-10T00:30:00')
  it.each([
    ['2026-03-10T00:29:59', 'today'],
    ['2026-03-10T00:00:00', 'today'],
    // The clock was set back.
    ['2027-01-01T00:00:00', 'today'],
    ['2026-03-09T23:59:59', 'yesterday'],
    ['2026-03-09T00:00:00', 'yesterday'],
    ['2026-03-08T23:59:59', 'week'],
    ['2026-03-03T00:00:00', 'week'],
    ['2026-03-02T23:59:59', 'earlier'],
    ['2020-03-02T23:59:59', 'earlier'],
  ])('%s is %s', (moment, group) => {
    expect(groupByDate([conversation(at(moment))], now)[0]).toEqual({ type: 'heading', group })
  })

  it('one heading a group, places counted without headings', () => {
    const lines = groupByDate(
      ['2026-03-10T00:10:00', '2026-03-10T00:05:00', '2026-03-09T01:00:00', '2026-01-01T01:00:00'].map((moment) =>
        conversation(at(moment)),
      ),
      now,
    )
    expect(lines.map((line) => (line.type === 'heading' ? line.group : line.position))).toEqual([
      'today',
      0,
      1,
      'yesterday',
      2,
      'earlier',
      3,
    ])
    expect(groupByDate([], now)).toEqual([])
  })
})
