import { expect, it } from 'vitest'
import { createRefusalCounter, isOwnAddress } from '../../../../src/main/electron/request-guard.ts'

it.each(['app://carrel/index.html', 'blob:app://carrel/1-2', 'data:image/png;base64,AA', 'devtools://devtools/x.html'])(
  'lets %s through',
  (url) => {
    expect(isOwnAddress(url)).toBe(true)
  },
)

it.each([
  'http://127.0.0.1:11434/api/tags',
  'https://example.com/',
  'ws://localhost/',
  'file:///etc/passwd',
  'app://elsewhere/index.html',
  'chrome://settings',
  '//example.com',
  '',
])('refuses %s', (url) => {
  expect(isOwnAddress(url)).toBe(false)
})

it('counts refusals', () => {
  const refusals = createRefusalCounter()
  refusals.add()
  refusals.add()
  expect(refusals.count()).toBe(2)
})
