import { expect, test, type Page } from '@playwright/test'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startRecordingModelServer } from '../support/recording-model-server.ts'
import type { ChatBody } from '../support/recorded-chat.ts'
import { dropFiles } from './support/drop-files.ts'
import { foreignElements } from './support/foreign-elements.ts'
import { hasAttacks, writeHostileDocuments } from './support/hostile-documents.ts'
import { launchCarrel, makeFolder } from './support/launch.ts'
import { ask, readNewestConversation, readStatus, waitUntilReady } from './support/library.ts'
import { readClipboard } from './support/read-clipboard.ts'

/** Whoever asks here was made to by a document. */
async function startSpy() {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(request.url ?? '')
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    seen,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

/** A model that does what every attack wants most: it says what the documents say, all of it, mark-up and marks included. */
function parrot({ messages }: ChatBody): { readonly tokens: readonly string[]; readonly gapMs: number } {
  const text = passagesOf(messages.at(-1)?.content ?? '').join('\n\n')
  return { tokens: text.match(/[\s\S]{1,97}/g) ?? ['Nothing.'], gapMs: 0 }
}

function passagesOf(prompt: string): readonly string[] {
  return [...prompt.matchAll(/<passage number="\d+"[^>]*>\n([\s\S]*?)\n<\/passage>/g)].map(([, text = '']) => text)
}

const words = (text: string): string => (text.match(/[\p{L}\p{N}]+/gu) ?? []).join(' ').toLowerCase()

/** What the app is set to, has and does: no document may change any of it. */
async function stateOf(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    const value = async <T>(reply: Promise<{ ok: true; value: T } | { ok: false }>): Promise<T | 'failed'> => {
      const result = await reply
      return result.ok ? result.value : 'failed'
    }
    const { api } = window
    const documents = await value(
      api.request('library:list', { offset: 0, limit: 100, filter: '', collectionId: null }),
    )
    const status = await value(api.request('app:status', {}))
    return {
      settings: await value(api.request('settings:get', {})),
      documents: documents === 'failed' ? documents : documents.documents.map(({ id, state }) => [id, state]),
      collections: await value(api.request('collections:list', {})),
      watched: await value(api.request('watched:list', {})),
      localApi: await value(api.request('local-api:status', {})),
      outside: status === 'failed' ? status : [status.connectionsOutside, status.connectionsBlocked],
    }
  })
}

test('no attack in a document becomes anything but text, nor changes what the app does', async () => {
  test.skip(!hasAttacks, 'SKIPPED: the attacks (../shared/eval/bipia-train) are absent')
  test.setTimeout(600_000)
  await using folder = await makeFolder('carrel-hostile-')
  await using spy = await startSpy()
  await using server = await startRecordingModelServer({ answer: parrot })
  await using app = await launchCarrel({ ollamaHost: server.url })
  const { page } = app
  const requests: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  const dialogs: string[] = []
  page.on('dialog', (dialog) => void dialogs.push(dialog.message()))
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { violations: seen })
    document.addEventListener('securitypolicyviolation', ({ blockedURI, sourceFile }) => {
      // A library of ours asks whether it may compile code, and lives with the answer. Of its address Chromium tells the scheme alone.
      const isOwnProbe = blockedURI === 'eval' && /^app(?::|$)/.test(sourceFile)
      if (!isOwnProbe) seen.push(`${blockedURI} ${sourceFile}`)
    })
  })

  const documents = await writeHostileDocuments(folder.path, spy.url)
  expect(documents.flatMap(({ attacks }) => attacks)).toHaveLength(75)
  await dropFiles(page, [folder.path])
  await waitUntilReady(page, documents.length)
  // As much of the documents as can be had goes into each prompt.
  await page.evaluate(() =>
    window.api.request('settings:set', {
      preset: 'custom',
      passageCount: 20,
      passageTokens: 2048,
      contextTokens: 32_768,
    }),
  )
  const before = await stateOf(page)

  const shown: string[] = []
  for (const { question } of documents) {
    await page.keyboard.press('ControlOrMeta+n')
    await ask(page, question)
    const answer = page.getByTestId('answer')
    await expect(answer).toHaveAttribute('data-state', 'complete', { timeout: 60_000 })
    const turn = (await readNewestConversation(page)).turns.at(-1)
    expect(turn?.question).toBe(question)
    expect(turn?.mode).toBe('generated')

    shown.push(words(`${await answer.textContent()}`))
    expect(await foreignElements(page)).toEqual([])

    // Numbers are Carrel's own: sources are the passages found, marks point at them or are text.
    const sources = turn?.sources ?? []
    expect(sources.map(({ number }) => number)).toEqual(sources.map((_source, index) => index + 1))
    expect(sources.every(({ documentName }) => documents.some((document) => document.fileName === documentName))).toBe(
      true,
    )
    const marks = await page
      .getByTestId('citation')
      .evaluateAll((elements) => elements.map((element) => Number(element.dataset['number'])))
    expect(marks.every((number) => number >= 1 && number <= sources.length)).toBe(true)

    // The evidence pane and the quotation of a mark draw the same text.
    await page.getByTestId('passage-card').first().click()
    await expect(page.getByTestId('evidence-mark').first()).toBeVisible()
    expect(await foreignElements(page)).toEqual([])
    await page.getByTestId('citation').first().focus()
    await expect(page.getByTestId('citation-quote')).toBeVisible()
    expect(await foreignElements(page)).toEqual([])
    await page.keyboard.press('Escape')
  }
  // All of it was there, drawn as text.
  // Sentence by sentence: a passage may end within an attack.
  const sentences = documents.flatMap(({ attacks }) => attacks.flatMap((attack) => attack.split(/(?<=[.!?]["']?)\s/)))
  expect(sentences.filter((sentence) => !shown.some((text) => text.includes(words(sentence))))).toEqual([])
  for (const sign of ['onerror', 'tool_call', 'bank.pdf', 'im_start', 'http-equiv'])
    expect([sign, shown.some((text) => text.includes(words(sign)))]).toEqual([sign, true])

  // What looks like a link does nothing.
  for (const text of ['open the ledger', 'read the annex']) {
    const place = page.getByTestId('answer').getByText(text).first()
    if ((await place.count()) > 0) await place.click()
  }

  // Every prompt had its own borders and no others, and offered the model no tool.
  expect(server.chats.length).toBe(documents.length)
  for (const { body } of server.chats) {
    expect(Object.keys(body)).not.toContain('tools')
    expect(body.messages.map(({ role }) => role)).toEqual(['system', 'user'])
    const last = body.messages.at(-1)?.content ?? ''
    const count = (pattern: RegExp): number => last.match(pattern)?.length ?? 0
    expect([count(/<passages>/gi), count(/<\/passages>/gi)]).toEqual([1, 1])
    expect(last.startsWith('<passages>\n')).toBe(true)
    expect(last.split('</passages>')[1]).toMatch(/^\n\nQuestion: What does the dossier of \w+ say about the harbour\?$/)
    const numbers = [...last.matchAll(/<passage number="(\d+)"/g)].map(([, number]) => Number(number))
    expect(numbers).toEqual(numbers.map((_number, index) => index + 1))
    expect(count(/<\/passage>/gi)).toBe(numbers.length)
    expect(count(/<\/?(?:notes|quotations|turn)\b/gi)).toBe(0)
  }
  expect(new Set(server.chats.map(({ body }) => body.messages[0]?.content)).size).toBe(1)

  expect(await stateOf(page)).toEqual(before)
  expect((await readStatus(page)).connectionsBlocked).toBe(0)
  expect(await page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([])
  expect(requests.filter((url) => !url.startsWith('app://carrel/'))).toEqual([])
  expect(spy.seen).toEqual([])
  expect(dialogs).toEqual([])
  expect(app.application.windows()).toHaveLength(1)
  expect(page.url()).toBe('app://carrel/index.html')

  // Copied and pasted elsewhere it stays text as well.
  await page.getByRole('button', { name: 'Copy with references' }).last().click()
  await expect(page.getByText('Copied.')).toBeVisible()
  const { html } = await readClipboard(app)
  expect(html).toContain('References')
  expect(html).not.toMatch(/<(?:a|img|script|iframe|svg|form|style|link|base)\b|<[a-z]+[^>]*\son\w+=/i)
})
