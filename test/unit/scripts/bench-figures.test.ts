import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cutPages } from '../../../scripts/bench/bare-pool.ts'
import { type BenchRow, judge } from '../../../scripts/bench/bench-row.ts'
import { writeCorpus, writeParagraph } from '../../../scripts/bench/corpus.ts'
import { halfOf, summariseHalves } from '../../../scripts/bench/halves.ts'
import { readJudgements } from '../../../scripts/bench/judged-set.ts'
import { collapseToDocuments, ndcg } from '../../../scripts/bench/ndcg.ts'
import { formatNumber, formatTable, keepResults } from '../../../scripts/bench/report.ts'
import { rocArea } from '../../../scripts/bench/roc.ts'
import { summariseStalls } from '../../../scripts/bench/stalls.ts'
import { createRandom, median, quantile } from '../../../scripts/bench/statistics.ts'

const row: BenchRow = {
  group: 'stop',
  what: 'abort',
  value: 12,
  unit: 'ms',
  reach: { bound: 'at most', value: 250 },
  note: '',
}

test('median and quantiles are linear between neighbours, and refuse nothing', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 2])).toBe(3)
  expect(quantile([0, 10], 0.25)).toBe(2.5)
  expect(() => median([])).toThrow(RangeError)
})

test('a seed gives the same numbers, spread over 0 to 1', () => {
  const random = createRandom(7)
  const again = createRandom(7)
  const values = Array.from({ length: 1_000 }, random)
  expect(values).toEqual(Array.from({ length: 1_000 }, again))
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...values)).toBeLessThan(1)
  expect(median(values)).toBeGreaterThan(0.4)
  expect(median(values)).toBeLessThan(0.6)
})

test('stalls are what exceeds the idle resolution; only those over 20 ms count as lost', () => {
  const { longestMs, lostShare, wallMs } = summariseStalls([2, 12, 52, 34], [2, 2, 3])
  expect(wallMs).toBe(100)
  expect(longestMs).toBe(50)
  expect(lostShare).toBeCloseTo(0.82)
})

test('nDCG: known values', () => {
  const judged = new Map([
    ['a', 1],
    ['b', 1],
  ])
  expect(ndcg(['a', 'b', 'x'], judged)).toBe(1)
  expect(ndcg(['x', 'a'], new Map([['a', 1]]))).toBeCloseTo(1 / Math.log2(3))
  expect(ndcg(['x', 'y'], judged)).toBe(0)
  expect(ndcg(['x', 'a'], judged, 1)).toBe(0)
  expect(ndcg(['a'], new Map())).toBe(0)
})

test('passages become documents by their best rank, equal files one after the other', () => {
  expect(collapseToDocuments([['d1'], ['d2', 'd3'], ['d1'], [], ['d4']])).toEqual(['d1', 'd2', 'd3', 'd4'])
})

test('judgements: the heading and broken lines are left out', () => {
  const judged = readJudgements('query-id\tcorpus-id\tscore\n1\ta\t1\n1\tb\t2\n\n2\tc\n')
  expect([...judged.keys()]).toEqual(['1'])
  expect(judged.get('1')).toEqual(
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
  )
})

test('pages hold one embedder each, and every text once', () => {
  const texts = ['en', 'zh', 'en', 'en', 'zh'].map((kind, index) => ({
    text: String(index),
    embedder: kind === 'en' ? ('all-MiniLM-L6-v2' as const) : ('bge-small-zh-v1.5' as const),
  }))
  const pages = cutPages(texts, 2)
  expect(pages.map((page) => page.map(({ text }) => text))).toEqual([['0', '2'], ['1', '4'], ['3']])
})

test('a bound is judged in its own direction; what is no number never passes', () => {
  expect(judge(row)).toBe('reached')
  expect(judge({ ...row, value: 251 })).toBe('missed')
  expect(judge({ ...row, value: NaN })).toBe('missed')
  expect(judge({ ...row, value: 0.9, reach: { bound: 'at least', value: 0.85 } })).toBe('reached')
  expect(judge({ ...row, value: null })).toBe('not run')
  expect(judge({ ...row, reach: null })).toBe('')
})

test('the table names value, reach and verdict; a figure that was not taken is a dash', () => {
  const [, measured, missing] = formatTable([row, { ...row, value: null, note: 'skipped: absent' }]).split('\n')
  expect(measured).toMatch(/stop +abort +12\.0 ms +at most 250 +reached/)
  expect(missing).toMatch(/- +at most 250 +not run +skipped: absent/)
  expect(formatNumber(0.72461)).toBe('0.725')
  expect(formatNumber(14_154.4)).toBe('14154')
  expect(formatNumber(0)).toBe('0')
})

test('results are kept as JSON with their verdicts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'carrel-bench-test-'))
  try {
    const startedAt = new Date('2026-01-02T03:04:05.678Z')
    const path = await keepResults(folder, { startedAt, machine: { cores: 2 }, rows: [row] })
    expect(path).toBe(join(folder, '2026-01-02T03-04-05-678Z.json'))
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
      machine: { cores: 2 },
      rows: [{ value: 12, verdict: 'reached' }],
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('the corpus is the same for the same seed, a third of its files in Chinese', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'carrel-bench-test-'))
  try {
    expect(await writeCorpus(folder, { paragraphs: 120, seed: 1 })).toBe(3)
    const text = await readFile(join(folder, '0000-en.txt'), 'utf8')
    expect(text.split('\n\n')).toHaveLength(50)
    expect(text.startsWith(writeParagraph('en', createRandom(1)))).toBe(true)
    expect(await readFile(join(folder, '0002-zh.txt'), 'utf8')).toMatch(/^[\p{Script=Han}。\n]+$/u)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('questions stay in their half, and both halves are told', () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => `q${index}`)
  const first = ids.filter((id) => halfOf(id) === 'first')
  expect(first.length).toBeGreaterThan(400)
  expect(first.length).toBeLessThan(600)
  expect(ids.filter((id) => halfOf(id) === 'first')).toEqual(first)
  const scored = ids.map((id) => ({ id, score: halfOf(id) === 'first' ? 1 : 0.5 }))
  expect(summariseHalves(scored).note).toBe('first half 1.000, second half 0.500')
  expect(summariseHalves(scored.slice(0, 0)).note).toBe('first half empty, second half empty')
})

test('the ROC area counts pairs in the right order, ties half', () => {
  expect(rocArea([0.9, 0.8], [0.1, 0.2])).toBe(1)
  expect(rocArea([0.1], [0.9])).toBe(0)
  expect(rocArea([0.5, 0.9], [0.5, 0.1])).toBe(0.875)
})
