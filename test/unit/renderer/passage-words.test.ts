import { expect, test } from 'vitest'
import { passageWords } from '../../../src/renderer/features/conversation/passage-place.ts'

test('a passage is shown without the headings it begins with, and never as nothing', () => {
  const headingPath = ['Lease', '9. Termination']
  expect(passageWords({ text: '9. Termination\n\nTenant may end it.', headingPath })).toBe('Tenant may end it.')
  expect(passageWords({ text: 'Lease\n9. Termination\nTenant.', headingPath })).toBe('Tenant.')
  expect(passageWords({ text: 'Tenant may end the Lease.', headingPath })).toBe('Tenant may end the Lease.')
  expect(passageWords({ text: '9. Termination', headingPath })).toBe('9. Termination')
  expect(passageWords({ text: '终止\n承租人可以终止。', headingPath: [] })).toBe('终止\n承租人可以终止。')
})
