import { expect, it } from 'vitest'
import { workerEnvironment } from '../../../../src/main/electron/worker-environment.ts'

it('keeps the locale and the places of the system, in the case they came in', () => {
  const kept = { LANG: 'C.UTF-8', HOME: '/home/reader', SystemRoot: 'C:\\Windows', Path: 'C:\\' }
  expect(workerEnvironment(kept)).toEqual(kept)
})

it('keeps proxies, tokens and switches of runtimes out', () => {
  const foreign = {
    ELECTRON_RUN_AS_NODE: '1',
    NODE_OPTIONS: '--x',
    https_proxy: 'http://proxy',
    HF_TOKEN: 't',
    LANG: undefined,
  }
  expect(workerEnvironment(foreign)).toEqual({})
})
