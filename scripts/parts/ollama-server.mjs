// Starts a real Ollama for tests on a free loopback port, with its own models, and ends it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Failure } from './failure.mjs'
import { ollamaFolder, ollamaModelsFolder } from './ollama-places.mjs'
import { endGroup } from './run-command.mjs'
import { onShutdown } from './shutdown.mjs'

const startMs = 30_000
const stopMs = 5_000

/**
 * @param binary the ollama program
 * @returns {Promise<{url: string, logFile: string, stop: () => Promise<void>}>} its request log is in `logFile`
 * @throws Failure when it does not answer within 30 s
 */
export async function startOllama(binary) {
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const logFile = join(tmpdir(), `carrel-ollama-${process.pid}-${port}.log`)
  await mkdir(ollamaModelsFolder(), { recursive: true })
  const log = await open(logFile, 'w')
  const env = {
    ...process.env,
    HOME: ollamaFolder(), // its key and history stay out of the person's home
    OLLAMA_HOST: `127.0.0.1:${port}`,
    OLLAMA_MODELS: ollamaModelsFolder(),
    OLLAMA_NOPRUNE: '1',
  }
  // A group of its own: the server starts a runner process per model, and both must end.
  const child = spawn(binary, ['serve'], {
    env,
    stdio: ['ignore', log.fd, log.fd],
    detached: process.platform !== 'win32',
  })
  await log.close()
  const hasEnded = once(child, 'exit').catch(() => {}) // also resolves when it cannot be started at all
  let isEnded = false
  void hasEnded.then(() => (isEnded = true))
  const stop = async () => {
    forget()
    if (!isEnded) endGroup(child.pid, 'SIGTERM')
    await Promise.race([hasEnded, wait(stopMs, undefined, { ref: false })])
    endGroup(child.pid, 'SIGKILL') // a runner that outlived its server
    await rm(logFile, { force: true })
  }
  const forget = onShutdown(stop)
  const deadline = Date.now() + startMs
  while (!(await isAnswering(url))) {
    if (isEnded || Date.now() > deadline) {
      await stop()
      throw new Failure(`The test Ollama (${binary}) did not start: run "${binary} serve" to see why.`)
    }
    await wait(100)
  }
  return { url, logFile, stop }
}

/** The names of the models a server has. */
export async function listModels(url) {
  const response = await fetch(`${url}/api/tags`)
  const { models } = await response.json()
  return models.map((model) => model.name)
}

export async function isAnswering(url) {
  try {
    const response = await fetch(`${url}/api/version`, { signal: AbortSignal.timeout(2_000) })
    return response.ok
  } catch {
    return false
  }
}

async function findFreePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
