import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Carrel } from '../../src/main/compose.ts'
import { conversationIdSchema } from '../../src/shared/ids.ts'
import { askRequestSchema } from '../../src/shared/ipc.ts'
import type { BenchContext, BenchRow } from './bench-row.ts'
import { writeCorpus } from './corpus.ts'
import { openCarrel } from './open-carrel.ts'
import { median, quantile } from './statistics.ts'

const question = 'When does the notice period of the lease end?'
const bytesPerMegabyte = 1024 * 1024
/** Caches and compiled code are filled by then. */
const warmRequests = 200

/** What the HTTP door adds to the service it stands before, and whether it keeps anything. Quotations: no model's time is in it. */
export async function measureDoors(context: BenchContext): Promise<readonly BenchRow[]> {
  const { isQuick, scratchFolder, say } = context
  const corpus = join(scratchFolder, 'doors-corpus')
  await writeCorpus(corpus, { paragraphs: 100, seed: 5 })
  await using carrel = await openCarrel(join(scratchFolder, 'doors'))
  const { signal } = new AbortController()
  await carrel.importer.add([corpus], { signal })
  await carrel.importer.idle({ signal })
  const door = await carrel.localApi.apply({ isOn: true, port: 0, allowedOrigins: [], allowedFolders: [] })
  if (door.address === null || door.token === null) throw new Error('The local API did not open.')
  const place = { address: door.address, token: door.token }

  const pairs = isQuick ? 10 : 300
  const added: number[] = []
  for (let pair = -20; pair < pairs; pair += 1) {
    const within = await firstEventMs(carrel)
    const overHttp = await askOverHttp(place)
    if (pair >= 0) added.push(overHttp - within)
  }
  say('  first byte: done')

  const requests = isQuick ? 50 : 2_000
  for (let count = 0; count < (isQuick ? 20 : warmRequests); count += 1) await askOverHttp(place)
  const before = usedBytes()
  const samples: number[] = []
  for (let count = 1; count <= requests; count += 1) {
    await askOverHttp(place)
    if (count % Math.ceil(requests / 10) === 0) samples.push((usedBytes() - before) / bytesPerMegabyte)
  }
  return [
    {
      group: 'doors',
      what: 'first byte over HTTP beyond the first event of the service',
      value: median(added),
      unit: 'ms',
      reach: { bound: 'at most', value: 5 },
      note: `median of ${pairs} pairs; 95th percentile ${quantile(added, 0.95).toFixed(2)} ms`,
    },
    {
      group: 'doors',
      what: `memory kept after ${requests} answers over HTTP`,
      value: samples.at(-1) ?? Number.NaN,
      unit: 'MiB',
      reach: { bound: 'at most', value: 8 },
      note: `heap and buffers after a collection, against those after ${warmRequests} answers; on the way ${samples.map((sample) => sample.toFixed(1)).join(' ')}`,
    },
  ]
}

async function firstEventMs(carrel: Carrel): Promise<number> {
  const request = askRequestSchema.parse({
    question,
    mode: 'quotes',
    conversationId: conversationIdSchema.parse(crypto.randomUUID()),
  })
  const startedAt = performance.now()
  let firstAt: number | null = null
  const options = { signal: new AbortController().signal, frontEnd: 'bench' }
  for await (const _event of carrel.streamAnswer(request, options)) firstAt ??= performance.now()
  return (firstAt ?? Number.NaN) - startedAt
}

/** A whole answer. @returns milliseconds from sending to the first byte of the body */
function askOverHttp({ address, token }: { readonly address: string; readonly token: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now()
    let firstAt: number | null = null
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      'content-type': 'application/json',
    }
    const request = httpRequest(`${address}/v1/answers`, { method: 'POST', headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`The local API answered ${response.statusCode}.`))
      response.on('data', () => {
        firstAt ??= performance.now()
      })
      response.once('end', () => resolve((firstAt ?? Number.NaN) - startedAt))
      response.once('error', reject)
    })
    request.once('error', reject)
    request.end(JSON.stringify({ question, mode: 'quotes' }))
  })
}

/** After everything that can be collected was. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('This engine cannot be asked to collect.')
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
