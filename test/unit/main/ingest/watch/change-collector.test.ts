import { describe, expect, it } from 'vitest'
import { createChangeCollector, patienceMs, quietMs } from '../../../../../src/main/ingest/watch/change-collector.ts'

describe('gathering changes', () => {
  it('a path is due when nothing was heard of it for a while', () => {
    const changes = createChangeCollector()
    expect([changes.dueInMs(0), changes.take(0)]).toEqual([null, null])
    changes.note('a', 0)
    changes.note('b', 100)
    changes.note('a', 200)
    expect(changes.dueInMs(200)).toBe(quietMs - 100)
    expect(changes.take(quietMs + 99)).toBeNull()
    expect(changes.take(quietMs + 100)?.paths).toEqual(['b'])
    expect(changes.take(quietMs + 200)).toEqual({ paths: ['a'], impatient: new Set() })
    expect(changes.dueInMs(quietMs + 200)).toBeNull()
  })

  it('what is written to without a pause is looked at now and then', () => {
    const changes = createChangeCollector()
    for (let at = 0; at < patienceMs; at += 100) {
      changes.note('log', at)
      expect(changes.take(at)).toBeNull()
    }
    expect(changes.take(patienceMs)).toEqual({ paths: ['log'], impatient: new Set(['log']) })
  })

  it('thousands at once are one look at everything', () => {
    const changes = createChangeCollector()
    for (let index = 0; index < 3_000; index += 1) changes.note(`f${index}`, 0)
    expect(changes.dueInMs(0)).toBe(0)
    expect(changes.take(0)?.paths).toBe('all')
  })

  it('a look at everything covers what was heard before', () => {
    const changes = createChangeCollector()
    changes.note('a', 0)
    changes.noteAll()
    expect(changes.take(0)?.paths).toBe('all')
    expect(changes.take(quietMs)).toBeNull()
  })
})
