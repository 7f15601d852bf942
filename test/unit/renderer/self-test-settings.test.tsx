// @vitest-environment jsdom
import { act } from 'react'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { SelfTestSettings } from '../../../src/renderer/features/self-test/self-test-settings.tsx'
import { KeepExpectation } from '../../../src/renderer/features/self-test/keep-expectation.tsx'
import { useSelfTest } from '../../../src/renderer/features/self-test/self-test-store.ts'
import { documentIdSchema } from '../../../src/shared/ids.ts'
import { expectationIdSchema, type SelfTestReport, type SelfTestStatus } from '../../../src/shared/self-test.ts'
import { draw, type Drawn } from '../../support/draw.tsx'
import { createFakePageApi, type FakeWorld, noSelfTest } from '../../support/fake-page-api.ts'
import { providePageGlobals } from '../../support/page-globals.ts'

beforeAll(providePageGlobals)
let drawn: Drawn
afterEach(() => drawn.remove())

const setup = (embedder: string): SelfTestReport['setup'] => ({
  version: '1.0.0',
  parserVersion: 3,
  chunkerVersion: 2,
  indexes: [{ group: 'other', embedder }],
})
const report: SelfTestReport = {
  finishedAt: 1_700_000_000_000,
  setup: setup('bge-m3'),
  considered: 12,
  before: { finishedAt: 1_600_000_000_000, setup: setup('all-MiniLM-L6-v2') },
  tested: 2,
  found: 1,
  lost: 1,
  gained: 0,
  gone: 0,
  rows: [
    {
      id: expectationIdSchema.parse('5d0c2c1e-6f0a-4f0e-9a57-1d1f3d2f4a10'),
      origin: 'kept',
      question: 'What notice ends the lease?',
      documentName: 'Lease.pdf',
      page: 17,
      before: { rank: 2, isGone: false },
      now: { rank: null, isGone: false },
    },
    {
      id: expectationIdSchema.parse('5d0c2c1e-6f0a-4f0e-9a57-1d1f3d2f4a11'),
      origin: 'generated',
      question: '租金多少？',
      documentName: '租赁合同.pdf',
      page: null,
      before: null,
      now: { rank: 1, isGone: false },
    },
  ],
}

async function open(selfTest: SelfTestStatus): Promise<FakeWorld> {
  const { api, world } = createFakePageApi({ selfTest })
  Object.assign(window, { api })
  api.onPush((push) => {
    if (push.type === 'self-test') useSelfTest.getState().receive(push.status)
  })
  return world
}
const button = (text: string): HTMLButtonElement => {
  const found = [...drawn.element.querySelectorAll('button')].find(
    (one) => one.textContent === text || one.getAttribute('aria-label') === text,
  )
  if (found === undefined) throw new Error(`no button says ${text}`)
  return found
}
const click = (text: string): Promise<void> => act(async () => button(text).click())

it('with nothing kept offers to make questions, and cannot test', async () => {
  await open(noSelfTest)
  drawn = await draw(<SelfTestSettings />)
  expect(drawn.element.textContent).toContain('0 kept questions')
  expect(button('Test now').disabled).toBe(true)
  await click('Make questions')
  expect(drawn.element.textContent).toContain('50 made from documents')
  expect(drawn.element.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow')).toBe('0')
  await click('Cancel')
  expect(drawn.element.querySelector('[role="progressbar"]')).toBeNull()
})

it('shows what is found now and was before, what changed in between, and lets a question go', async () => {
  const world = await open({ ...noSelfTest, kept: 1, generated: 1, report })
  drawn = await draw(<SelfTestSettings />)
  const text = drawn.element.textContent
  expect(text).toContain('1 of 2 found among the first 12.')
  expect(text).toContain('1 lost, 0 gained')
  expect(text).toContain('Embedders: all-MiniLM-L6-v2 → bge-m3')
  const cells = [...drawn.element.querySelectorAll('tbody tr')].map((row) =>
    [...row.querySelectorAll('td')].slice(1, 3).map(({ textContent }) => textContent),
  )
  expect(cells).toEqual([
    ['no. 2', 'not found'],
    ['–', 'no. 1'],
  ])
  await click('Remove “What notice ends the lease?”')
  expect(world.requests.at(-1)).toMatchObject({ channel: 'self-test:remove' })
  expect(drawn.element.querySelectorAll('tbody tr')).toHaveLength(1)
})

it('keeps a question with its passage and says so; a failure leaves the offer', async () => {
  const world = await open(noSelfTest)
  const expectation = { question: 'q', documentId: documentIdSchema.parse('a'.repeat(64)), place: { start: 1, end: 9 } }
  drawn = await draw(<KeepExpectation expectation={expectation} />)
  world.failures['self-test:keep'] = { code: 'not-found', message: '', retryable: false }
  await click('Keep for the self-test')
  expect(button('Keep for the self-test').disabled).toBe(false)
  world.failures = {}
  await click('Keep for the self-test')
  expect(drawn.element.textContent).toContain('Kept for the self-test')
  expect(world.requests.at(-1)).toEqual({ channel: 'self-test:keep', request: expectation })
})
