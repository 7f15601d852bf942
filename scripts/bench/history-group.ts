import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ElectronApplication, Page } from '@playwright/test'
import { noModelServer } from '../../test/e2e/support/launch.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { findFilledHistory, longConversationId } from './filled-history.ts'
import { startProbe, takeGaps } from './main-gaps.ts'
import { startApp } from './running-app.ts'
import { summariseStalls } from './stalls.ts'
import { quantile } from './statistics.ts'

const full = { conversations: 10_000, turns: 100_000 }
const quick = { conversations: 200, turns: 2_000 }
const idleMs = 3_000

/** As they are typed, letter by letter: common and rare words, one character, nothing found, several words. */
const typed = ['leas', 'notice', 'rent agre', 'zzzz', '租', '合同', '租赁合同', '的', 'termination fee month']

/** List, search and open of many conversations in the real app, each from the page's request to its reply; main's stalls meanwhile. */
export async function measureHistory({
  isQuick,
  scratchFolder,
  cacheFolder,
  say,
}: BenchContext): Promise<readonly BenchRow[]> {
  const { conversations, turns } = isQuick ? quick : full
  say(`  a history of ${conversations} conversations with ${turns * 2} messages ...`)
  const dataFolder = join(scratchFolder, 'history')
  await cp(await findFilledHistory(cacheFolder, conversations, turns), dataFolder, { recursive: true })
  const rounds = isQuick ? 2 : 20
  try {
    await using app = await startApp(dataFolder, noModelServer)
    const { page, application } = app
    await startProbe(application)
    await page.waitForTimeout(idleMs)
    const idleGaps = await takeGaps(application)
    const memoryBefore = await residentMiB(application)

    const lists = await timeRequests(page, 'conversations:list', listRequests(conversations, rounds))
    const searches = await timeRequests(page, 'conversations:search', searchRequests(rounds))
    const opens = await timeRequests(page, 'conversations:turns', openRequests(turns, rounds))
    const { longestMs } = summariseStalls(await takeGaps(application), idleGaps)
    const memoryAfter = await residentMiB(application)

    const size = `${conversations} conversations, ${turns * 2} messages`
    const row = (what: string, times: readonly number[], share: number): BenchRow => ({
      group: 'history',
      what,
      value: quantile(times, share),
      unit: 'ms',
      reach: null,
      note: `${times.length} requests of the page, slowest ${Math.max(...times).toFixed(1)} ms; ${size}`,
    })
    return [
      row('a page of the list (100), 95th percentile', lists, 0.95),
      row('search while typing, 95th percentile', searches, 0.95),
      row('search while typing, median', searches, 0.5),
      row('open (20 turns with their evidence), 95th percentile', opens, 0.95),
      {
        group: 'history',
        what: 'longest stall of main meanwhile',
        value: longestMs,
        unit: 'ms',
        reach: { bound: 'at most', value: 50 },
        note: size,
      },
      {
        group: 'history',
        what: 'resident memory of main, before and after',
        value: memoryAfter,
        unit: 'MiB',
        reach: null,
        note: `${memoryBefore.toFixed(0)} MiB before; ${size}`,
      },
    ]
  } finally {
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function listRequests(conversations: number, rounds: number): readonly object[] {
  return Array.from({ length: rounds * 5 }, (_, index) => ({
    offset: Math.floor((index / (rounds * 5)) * conversations),
    limit: 100,
  }))
}

function searchRequests(rounds: number): readonly object[] {
  const prefixes = typed.flatMap((query) =>
    Array.from(query, (_, index) =>
      Array.from(query)
        .slice(0, index + 1)
        .join('')
        .trim(),
    ),
  )
  return Array.from({ length: Math.max(1, rounds / 5) }, () =>
    prefixes.map((query) => ({ query, beforeKey: null, limit: 50 })),
  ).flat()
}

function openRequests(turns: number, rounds: number): readonly object[] {
  const places = ['newest', { around: Math.floor(turns / 2) }, { around: 1 }, { before: Math.floor(turns / 3) }]
  return Array.from({ length: rounds }, () => places.map((at) => ({ id: longConversationId, at, limit: 20 }))).flat()
}

/** One after the other, in the page. @returns milliseconds each */
function timeRequests(
  page: Page,
  channel: 'conversations:list' | 'conversations:search' | 'conversations:turns',
  requests: readonly object[],
): Promise<number[]> {
  return page.evaluate(
    async ({ channel: name, requests: all }) => {
      const times: number[] = []
      for (const request of all) {
        const startedMs = performance.now()
        const result = await window.api.request(name, request as never)
        times.push(performance.now() - startedMs)
        if (!result.ok) throw new Error(`${name}: ${result.error.code}`)
      }
      return times
    },
    { channel, requests },
  )
}

async function residentMiB(application: ElectronApplication): Promise<number> {
  return (await application.evaluate(() => process.memoryUsage.rss())) / 1024 ** 2
}
