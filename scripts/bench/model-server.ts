import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { FromServer, ServerScript, ToServer } from './model-server-messages.ts'

export type RequestOpened = Extract<FromServer, { type: 'opened' }>
export type RequestEnded = Extract<FromServer, { type: 'closed' }>

export interface ModelServerProcess extends AsyncDisposable {
  readonly url: string
  /** From the next chat on. */
  setScript(script: ServerScript): Promise<void>
  /** The next one that no earlier call took; what follows is awaited by its number. `question`: only the chat that asks just this, not the notes Carrel has written after a long answer. */
  nextChat(question?: string): Promise<RequestOpened>
  nextPull(): Promise<RequestOpened>
  /** As many tokens are out as the script says. */
  sent(number: number): Promise<unknown>
  ended(number: number): Promise<RequestEnded>
}

/** Starts model-server-process.ts. */
export async function startModelServer(): Promise<ModelServerProcess> {
  const child = fork(join(import.meta.dirname, 'model-server-process.ts'), [], {
    execArgv: [],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  })
  const waiting: { matches: (message: FromServer) => boolean; resolve: (message: FromServer) => void }[] = []
  const kept: FromServer[] = []
  child.on('message', (message: FromServer) => {
    const index = waiting.findIndex(({ matches }) => matches(message))
    if (index === -1) kept.push(message)
    else waiting.splice(index, 1)[0]?.resolve(message)
  })
  const take = <Type extends FromServer['type']>(
    type: Type,
    isWanted: (message: Extract<FromServer, { type: Type }>) => boolean = () => true,
  ): Promise<Extract<FromServer, { type: Type }>> => {
    type Wanted = Extract<FromServer, { type: Type }>
    const matches = (message: FromServer): boolean => message.type === type && isWanted(message as Wanted)
    const index = kept.findIndex(matches)
    if (index !== -1) return Promise.resolve(kept.splice(index, 1)[0] as Wanted)
    return new Promise((resolve, reject) => {
      waiting.push({ matches, resolve: (message) => resolve(message as Wanted) })
      child.once('exit', () => reject(new Error('The model server of the bench ended.')))
    })
  }
  child.setMaxListeners(0)
  const { port } = await take('listening')
  return {
    url: `http://127.0.0.1:${port}`,
    async setScript(script) {
      const message: ToServer = { type: 'script', script }
      child.send(message)
      await take('script-set')
    },
    nextChat: (question) =>
      take('opened', ({ what, body }) => what === 'chat' && (question === undefined || asks(body, question))),
    nextPull: () => take('opened', ({ what }) => what === 'pull'),
    sent: (number) => take('sent', (message) => message.number === number),
    ended: (number) => take('closed', (message) => message.number === number),
    async [Symbol.asyncDispose]() {
      child.disconnect()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

function asks(body: string, question: string): boolean {
  const { messages } = JSON.parse(body) as { readonly messages: readonly { readonly content: string }[] }
  return messages.at(-1)?.content.endsWith(question) === true
}
