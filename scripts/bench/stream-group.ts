import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { writeCorpus } from './corpus.ts'
import { type ModelServerProcess, startModelServer } from './model-server.ts'
import { measurePromptCache } from './prompt-cache.ts'
import { askServer, importByDrop, startApp } from './running-app.ts'
import { median } from './statistics.ts'

const question = 'When does the notice period of the lease end?'
/** A tiny model may have nothing to say to a question, always to the same one: it is asked others. */
const furtherQuestions: readonly string[] = [
  `${question} Answer at length.`,
  `${question} Write a long letter about it.`,
  `${question} Explain it in many sentences.`,
  `${question} Tell the whole story.`,
  `${question} Give every detail in a paragraph of its own.`,
]
const fewestPiecesToMeasure = 10
const paceTokensPerSecond = 2_000
const firstTokenDelayMs = 100
/** Stops what a small model would go on with for minutes. */
const piecesOfRealAnswer = 60
const runnerSettlesMs = 1_000

/** How the answer's text reaches the page, in the real app: what the way through Carrel adds to the bare call of the server. */
export async function measureStream(context: BenchContext): Promise<readonly BenchRow[]> {
  const { isQuick, scratchFolder, ollama, say } = context
  const corpus = join(scratchFolder, 'stream-corpus')
  const files = await writeCorpus(corpus, { paragraphs: 100, seed: 3 })
  await using server = await startModelServer()
  await using app = await startApp(join(scratchFolder, 'stream'), server.url)
  await importByDrop(app.page, corpus, files)
  const rows: BenchRow[] = []

  const pairs = isQuick ? 3 : 30
  const single = { firstTokenDelayMs, tokensPerSecond: 200, tokenCount: 10, tellAfterTokens: null, relayTo: null }
  await server.setScript(single)
  rows.push(toFirstTokenRow('loopback server', await measureFirstTokens(app.page, server, pairs, null)))
  say('  first token, loopback server: done')

  const seconds = isQuick ? 1 : 10
  const rates: number[] = []
  for (let run = 0; run < (isQuick ? 1 : 3); run += 1) {
    const tokenCount = paceTokensPerSecond * seconds
    await server.setScript({
      firstTokenDelayMs,
      tokensPerSecond: paceTokensPerSecond,
      tokenCount,
      tellAfterTokens: null,
      relayTo: null,
    })
    rates.push(await measureThroughput(app.page, server, tokenCount))
  }
  rows.push({
    group: 'stream',
    what: `token throughput, page against server at ${paceTokensPerSecond} a second`,
    value: median(rates),
    unit: 'times',
    reach: { bound: 'at least', value: 0.99 },
    note: `median of ${rates.length} answers of ${seconds} s; lowest ${Math.min(...rates).toFixed(4)}`,
  })

  if (ollama === null) {
    const note = 'no real Ollama here: node scripts/test-ollama.mjs install, or CARREL_TEST_OLLAMA'
    rows.push({ ...toFirstTokenRow('real Ollama', [0]), value: null, note })
    return rows
  }
  await server.setScript({ ...single, relayTo: ollama.url })
  const real = await measureFirstTokens(app.page, server, isQuick ? 2 : 15, ollama.model)
  rows.push(toFirstTokenRow(`real Ollama, ${ollama.model}`, real))
  const realRates = await measureRealThroughput(app.page, server, isQuick ? 1 : 5, ollama.model)
  rows.push({
    group: 'stream',
    what: `token throughput, page against real Ollama, ${ollama.model}`,
    value: realRates.length === 0 ? null : median(realRates),
    unit: 'times',
    reach: null,
    note:
      realRates.length === 0
        ? `no answer of the model had ${fewestPiecesToMeasure} pieces`
        : `first to last token at the server, against the same on the page; ${realRates.length} answers of ${fewestPiecesToMeasure} to ${piecesOfRealAnswer} pieces`,
  })
  rows.push(await measurePromptCache(ollama, isQuick ? 1 : 7))
  return rows
}

/** One pair after the other: Carrel's own call, then the very same body sent bare. @returns what the page is later, in ms */
async function measureFirstTokens(
  page: Page,
  server: ModelServerProcess,
  pairs: number,
  model: string | null,
): Promise<readonly number[]> {
  const beyond: number[] = []
  // A real runner goes on for a moment after its client left, and what comes next would wait for it.
  const settle = (): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, model === null ? 0 : runnerSettlesMs))
  // The first pair warms the model and its prompt cache.
  let silences = 0
  for (let pair = -1; pair < pairs;) {
    await settle()
    const words = silences === 0 ? question : (furtherQuestions[silences - 1] ?? question)
    const asked = await askServer(page, server, { question: words, model, stopAfter: 1 })
    const { number, connectedAt, body } = asked.opened
    const { firstTokenAt } = await asked.answer
    await server.ended(number)
    if (firstTokenAt === null) {
      // The model said nothing; the same words would give the same silence.
      silences += 1
      if (model === null || silences > furtherQuestions.length) throw new Error('An answer had no token.')
      continue
    }
    await settle()
    const bare = sendBare(server.url, body)
    const opened = await server.nextChat()
    const bareFirstAt = await bare
    await server.ended(opened.number)
    if (pair >= 0) beyond.push(firstTokenAt - connectedAt - (bareFirstAt - opened.connectedAt))
    pair += 1
  }
  return beyond
}

/** A plain client that leaves after the first line. @returns when that was there */
function sendBare(url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${url}/api/chat`, { method: 'POST', agent: false }, (response) => {
      response.once('data', () => {
        resolve(Date.now())
        request.destroy()
      })
      response.on('end', () => reject(new Error('The bare answer was empty.')))
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** Time the server took for all tokens against the time the page took to receive them. */
async function measureThroughput(page: Page, server: ModelServerProcess, tokenCount: number): Promise<number> {
  const { opened, answer } = await askServer(page, server, { question, model: null, stopAfter: null })
  const seen = await answer
  const sent = await server.ended(opened.number)
  const words = seen.text.split(/\s+/).filter((word) => word !== '').length
  if (words !== tokenCount) throw new Error(`The page has ${words} of ${tokenCount} tokens.`)
  return spanOf(sent) / spanOf(seen)
}

async function measureRealThroughput(
  page: Page,
  server: ModelServerProcess,
  runs: number,
  model: string,
): Promise<readonly number[]> {
  const rates: number[] = []
  for (const words of [question, ...furtherQuestions]) {
    if (rates.length === runs) break
    const ask = { question: words, model, stopAfter: piecesOfRealAnswer }
    const { opened, answer } = await askServer(page, server, ask)
    const seen = await answer
    const sent = await server.ended(opened.number)
    if (seen.pieces >= fewestPiecesToMeasure) rates.push(spanOf(sent) / spanOf(seen))
  }
  return rates
}

function spanOf({ firstTokenAt, lastTokenAt }: { firstTokenAt: number | null; lastTokenAt: number | null }): number {
  if (firstTokenAt === null || lastTokenAt === null) throw new Error('An answer had no token.')
  return lastTokenAt - firstTokenAt
}

function toFirstTokenRow(where: string, beyond: readonly number[]): BenchRow {
  return {
    group: 'stream',
    what: `first token on the page beyond a raw call, ${where}`,
    value: median(beyond),
    unit: 'ms',
    reach: { bound: 'at most', value: 20 },
    note: `median of ${beyond.length} pairs; largest ${Math.max(...beyond)} ms`,
  }
}
