import { describe, expect, it } from 'vitest'
import { createFairGenerator, createTurns } from '../../../../src/main/answer/fair-generator.ts'
import type { Generator } from '../../../../src/main/ports/generator.ts'

const never = new AbortController().signal
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('turns behind the model server', () => {
  it('go round the clients: one question of the window never waits for a script with ten', async () => {
    const turns = createTurns(1)
    const order: string[] = []
    const ask = async (client: string, name: string): Promise<void> => {
      using _turn = await turns.take(client, never)
      order.push(name)
      await settled()
    }
    const script = Array.from({ length: 10 }, (_unused, index) => ask('http:script', `script ${index}`))
    await settled()
    const others = [ask('window:1', 'window'), ask('mcp:agent', 'agent 0'), ask('mcp:agent', 'agent 1')]
    await Promise.all([...script, ...others])
    expect(order.slice(0, 6)).toEqual(['script 0', 'script 1', 'window', 'agent 0', 'script 2', 'agent 1'])
    expect(order).toHaveLength(13)
  })

  it('run as many at once as there are slots', async () => {
    const turns = createTurns(2)
    const [first, second] = [await turns.take('a', never), await turns.take('a', never)]
    let hasThird = false
    const third = turns.take('b', never).then((turn) => {
      hasThird = true
      return turn
    })
    await settled()
    expect(hasThird).toBe(false)
    first[Symbol.dispose]()
    first[Symbol.dispose]()
    await third
    let hasFourth = false
    const fourth = turns.take('b', never).then(() => {
      hasFourth = true
    })
    await settled()
    expect(hasFourth).toBe(false)
    second[Symbol.dispose]()
    await fourth
  })

  it('are given up by who leaves while waiting, before or after', async () => {
    const turns = createTurns(1)
    const first = await turns.take('a', never)
    const leaving = new AbortController()
    const left = turns.take('b', leaving.signal)
    const staying = turns.take('b', never)
    leaving.abort(new Error('gone'))
    await expect(left).rejects.toThrow('gone')
    await expect(turns.take('c', leaving.signal)).rejects.toThrow('gone')
    first[Symbol.dispose]()
    await staying
  })

  it('end with the completion, whether it fails, ends or is left', async () => {
    const inner: Generator = {
      async *generate({ model }) {
        yield { type: 'text', text: model }
        if (model === 'failing') throw new Error('failed')
      },
    }
    const generator = createFairGenerator(inner, createTurns(1))
    const request = (model: string) => generator.generate({ model, messages: [], contextTokens: 1 }, { signal: never })
    await expect(Array.fromAsync(request('failing'))).rejects.toThrow('failed')
    for await (const event of request('left')) if (event.type === 'text') break
    expect(await Array.fromAsync(request('whole'))).toEqual([{ type: 'text', text: 'whole' }])
  })
})
