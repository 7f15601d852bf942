import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import type { ModelServerProcess } from './model-server.ts'
import { openCarrel, outFolder } from './open-carrel.ts'
import { closingTime, prepareMoment, reachMoment } from './stop-moments.ts'

const question = 'When does the notice period end?'

export interface StopOptions {
  readonly server: ModelServerProcess
  readonly dataFolder: string
  readonly times: number
}

/** A program that asks over the local API and goes away. @returns ms each, from its leaving to the closed connection */
export async function timeHttpClients({ server, dataFolder, times }: StopOptions): Promise<readonly number[]> {
  await using carrel = await openCarrel(dataFolder, server.url)
  const { address, token, problem } = await carrel.localApi.apply({
    isOn: true,
    port: 0,
    allowedOrigins: [],
    allowedFolders: [],
  })
  if (problem !== null) throw new Error(problem.message)
  const latencies: number[] = []
  for (let run = 0; run < times; run += 1) {
    await prepareMoment(server, run)
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'text/event-stream',
      'content-type': 'application/json',
    }
    const client = httpRequest(`${address}/v1/answers`, { method: 'POST', agent: false, headers }, (reply) => {
      reply.on('error', () => undefined) // its own leaving
      reply.resume()
    })
    client.on('error', () => undefined) // its own leaving
    client.end(JSON.stringify({ question }))
    const number = await reachMoment(server, run)
    const stoppedAt = Date.now()
    client.destroy()
    latencies.push(await closingTime(server, number, stoppedAt))
  }
  return latencies
}

/** A download of a model, cancelled. */
export async function timePulls({ server, dataFolder, times }: StopOptions): Promise<readonly number[]> {
  await using carrel = await openCarrel(dataFolder, server.url)
  const latencies: number[] = []
  for (let run = 0; run < times; run += 1) {
    await carrel.handlers['models:pull']({ name: 'bench:2b' })
    const { number } = await server.nextPull()
    const stoppedAt = Date.now()
    await carrel.handlers['models:cancel-pull']({})
    latencies.push(await closingTime(server, number, stoppedAt))
  }
  return latencies
}

/** Ctrl-C of `carrel ask`, each time a process of its own. */
export async function timeInterrupts({ server, dataFolder, times }: StopOptions): Promise<readonly number[]> {
  const latencies: number[] = []
  for (let run = 0; run < times; run += 1) {
    await prepareMoment(server, run)
    const child = spawn(process.execPath, [join(outFolder, 'cli.js'), '--data', dataFolder, 'ask', question], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', OLLAMA_HOST: server.url },
      stdio: 'ignore',
    })
    const ended = once(child, 'exit')
    const number = await reachMoment(server, run)
    const stoppedAt = Date.now()
    child.kill('SIGINT')
    latencies.push(await closingTime(server, number, stoppedAt))
    await ended
  }
  return latencies
}
