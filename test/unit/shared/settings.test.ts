import { expect, test } from 'vitest'
import { ipc } from '../../../src/shared/ipc.ts'
import { settingsSchema } from '../../../src/shared/settings.ts'

test('a change holds what it names and nothing else, so that choosing a theme keeps the model', () => {
  const kept = settingsSchema.parse({ model: 'qwen3:8b', modelServer: 'http://127.0.0.1:1234', localApi: true })
  for (const change of [{ theme: 'dark' }, { language: 'zh-CN' }, { model: null }, { localApiOrigins: [] }] as const) {
    const parsed = ipc['settings:set'].request.parse(change)
    expect(parsed).toEqual(change)
    expect(settingsSchema.parse({ ...kept, ...parsed })).toEqual({ ...kept, ...change })
  }
})

test('what no setting may be is refused in a change, and falls back where it is stored', () => {
  expect(ipc['settings:set'].request.safeParse({ theme: 'pink' }).success).toBe(false)
  expect(ipc['settings:set'].request.safeParse({ colour: 'pink' }).success).toBe(false)
  expect(settingsSchema.parse({ theme: 'pink' }).theme).toBe('system')
})
