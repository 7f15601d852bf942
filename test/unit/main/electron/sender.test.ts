import { expect, it } from 'vitest'
import { frontEndOf, isFromOurPage, type Sender } from '../../../../src/main/electron/sender.ts'

const isLive = (id: number): boolean => id === 3
const frame = { frameTreeNodeId: 7, origin: 'app://carrel' }
// Only the two fields that the check reads; a whole WebFrameMain needs Electron.
const event = { sender: { id: 3, mainFrame: frame }, senderFrame: frame } as Sender

it('hears the main frame of a live window on our origin', () => {
  expect(isFromOurPage(event, isLive)).toBe(true)
})

it.each<[string, Partial<Sender>]>([
  ['a frame that is gone', { senderFrame: null }],
  ['a frame inside the page', { senderFrame: { ...frame, frameTreeNodeId: 8 } }],
  ['a foreign origin', { senderFrame: { ...frame, origin: 'https://example.com' } }],
  ['an origin that only begins like ours', { senderFrame: { ...frame, origin: 'app://carrel.example' } }],
  ['a window that is gone', { sender: { ...event.sender, id: 4 } }],
])('does not hear %s', (_name, change) => {
  expect(isFromOurPage({ ...event, ...change }, isLive)).toBe(false)
})

it('names a window as a front end', () => {
  expect(frontEndOf(3)).toBe('window:3')
})
