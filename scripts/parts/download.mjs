// One file over HTTPS into a local file. Only for set-up; Carrel itself downloads nothing.
import { createWriteStream } from 'node:fs'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const silenceMs = 20_000

/**
 * @param options.maximumBytes refuses more than this
 * @throws Error with a short reason; the partial file is the caller's to delete
 */
export async function download(url, target, { maximumBytes }) {
  const controller = new AbortController()
  let timer = setTimeout(() => controller.abort(), silenceMs)
  let sizeBytes = 0
  const watch = new Transform({
    transform(chunk, _encoding, done) {
      clearTimeout(timer)
      timer = setTimeout(() => controller.abort(), silenceMs)
      sizeBytes += chunk.length
      done(sizeBytes > maximumBytes ? new Error('the file is larger than it should be') : null, chunk)
    },
  })
  try {
    const response = await fetch(url, { signal: controller.signal })
    if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`)
    await pipeline(Readable.fromWeb(response.body), watch, createWriteStream(target), { signal: controller.signal })
  } catch (error) {
    if (controller.signal.aborted) throw new Error(`nothing arrived for ${silenceMs / 1000} s`, { cause: error })
    if (error.message === 'fetch failed') throw new Error('it was not reachable', { cause: error })
    throw error
  } finally {
    clearTimeout(timer)
  }
}
