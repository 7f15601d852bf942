import { execFile, spawn, spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { AnswerStage } from '../../../src/main/answer/draft.ts'
import {
  findStage,
  type LocalApiFixture,
  parseEvents,
  startLocalApi,
  testToken,
  writeStage,
} from '../../support/local-api-fixture.ts'

const question = JSON.stringify({ question: 'What notice?' })
const hasCurl = spawnSync('curl', ['--version']).status === 0
/** Of the virtual environment that the launcher made (scripts/parts/python-clients.mjs). */
const python = process.env['CARREL_TEST_PYTHON'] ?? ''

const hang: AnswerStage = {
  name: 'generate',
  async *run(_draft, { signal }) {
    yield { type: 'token', text: 'half' }
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  },
}

function run(program: string, words: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(program, [...words], (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr })
      else reject(new Error(`${error.message}\n${stdout}\n${stderr}`, { cause: error }))
    })
  })
}

/** Runs a script that prints "half" when it has read that, kills it, and waits for the end of the answer. */
async function interrupt(api: LocalApiFixture, program: string, words: readonly string[]): Promise<void> {
  const child = spawn(program, [...words], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const part of child.stdout) if (String(part).includes('half')) break
  child.kill('SIGINT')
  while (api.service.answers.count > 0) await new Promise((resolve) => setImmediate(resolve))
  expect(api.log.lines.filter((line) => line.endsWith(': client disconnected'))).toHaveLength(1)
  expect(api.turns.finished.map(({ answer }) => answer.finishReason)).toEqual(['aborted'])
}

const curl = (api: LocalApiFixture, accept: string): readonly string[] => [
  '-sN',
  '-i',
  `${api.url}/v1/answers`,
  '-H',
  `Authorization: Bearer ${testToken}`,
  '-H',
  'Content-Type: application/json',
  '-H',
  `Accept: ${accept}`,
  '-d',
  question,
]

describe.skipIf(!hasCurl)('curl', { timeout: 60_000 }, () => {
  it('gets the headers and events of a stream', async () => {
    await using api = await startLocalApi()
    const { stdout } = await run('curl', curl(api, 'text/event-stream'))
    const [head = '', ...body] = stdout.split('\r\n\r\n')
    expect(head.split('\r\n')).toEqual(
      expect.arrayContaining([
        'HTTP/1.1 200 OK',
        'Content-Type: text/event-stream',
        'Cache-Control: no-cache',
        'Connection: keep-alive',
        'Transfer-Encoding: chunked',
      ]),
    )
    expect(parseEvents(body.join('')).map(({ event }) => event)).toEqual([
      'status',
      'message',
      'message',
      'source',
      'done',
    ])
  })

  it('gets plain text, and ends the answer when it is interrupted', async () => {
    {
      await using api = await startLocalApi()
      expect((await run('curl', curl(api, 'text/plain'))).stdout).toMatch(/\r\n\r\nYes \[1\]\.$/)
    }
    await using api = await startLocalApi({ stages: [findStage, hang] })
    await interrupt(api, 'curl', curl(api, 'text/plain'))
  })
})

describe.skipIf(python === '')('Python clients (CARREL_TEST_PYTHON)', { timeout: 120_000 }, () => {
  const script = (lines: readonly string[]): readonly string[] => ['-u', '-c', lines.join('\n')]

  it('httpx-sse reads the events', async () => {
    await using api = await startLocalApi({ stages: [findStage, writeStage(['租期 ', '\n"[1]".'])] })
    const { stdout } = await run(
      python,
      script([
        'import httpx, json',
        'from httpx_sse import connect_sse',
        `headers = {"Authorization": "Bearer ${testToken}"}`,
        'with httpx.Client(timeout=30) as client:',
        `    with connect_sse(client, "POST", "${api.url}/v1/answers", headers=headers, json={"question": "What notice?"}) as source:`,
        '        print(json.dumps([[event.event, json.loads(event.data), event.id] for event in source.iter_sse()]))',
      ]),
    )
    const events = JSON.parse(stdout) as [string, unknown, string][]
    expect(events.map(([event]) => event)).toEqual(['status', 'message', 'message', 'source', 'done'])
    expect(events.filter(([event]) => event === 'message').map(([, data]) => data)).toEqual(['租期 ', '\n"[1]".'])
    expect(events.map(([, , id]) => id)).toEqual(['1', '2', '3', '4', '5'])
  })

  it('openai streams and answers whole', async () => {
    await using api = await startLocalApi()
    const { stdout } = await run(
      python,
      script([
        'import json',
        'from openai import OpenAI',
        `client = OpenAI(base_url="${api.url}/v1", api_key="${testToken}", max_retries=0)`,
        'messages = [{"role": "user", "content": "What notice?"}]',
        'whole = client.chat.completions.create(model="carrel", messages=messages)',
        'stream = client.chat.completions.create(model="carrel", messages=messages, stream=True, stream_options={"include_usage": True})',
        'chunks = list(stream)',
        'text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)',
        'print(json.dumps({"whole": whole.choices[0].message.content, "sources": len(whole.carrel["sources"]), "text": text, "usage": chunks[-1].usage is not None}))',
      ]),
    )
    expect(JSON.parse(stdout)).toEqual({ whole: 'Yes [1].', sources: 3, text: 'Yes [1].', usage: true })
  })

  it('end the answer when they are interrupted', async () => {
    await using api = await startLocalApi({ stages: [findStage, hang] })
    await interrupt(
      api,
      python,
      script([
        'import httpx',
        `headers = {"Authorization": "Bearer ${testToken}", "Accept": "text/plain"}`,
        'try:',
        `    with httpx.stream("POST", "${api.url}/v1/answers", headers=headers, json={"question": "What notice?"}, timeout=None) as response:`,
        '        for text in response.iter_text():',
        '            print(text)',
        'except KeyboardInterrupt:',
        '    pass',
      ]),
    )
  })
})
