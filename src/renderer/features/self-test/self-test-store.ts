import { create } from 'zustand'
import type { Result } from '../../../shared/errors.ts'
import type { ExpectationId, KeepExpectation, SelfTestStatus } from '../../../shared/self-test.ts'
import { request } from '../../api.ts'
import { showFailure } from '../../components/notices.ts'

interface SelfTestState {
  /** Null until main answered. */
  readonly status: SelfTestStatus | null
  load(): Promise<void>
  receive(status: SelfTestStatus): void
  start(): Promise<void>
  cancel(): Promise<void>
  /** Makes questions out of the documents and tests them. @returns how many; null: it failed, and a notice said so. */
  generate(count: number): Promise<number | null>
  remove(id: ExpectationId): Promise<void>
  /** @returns whether it is kept now */
  keep(expectation: KeepExpectation): Promise<boolean>
}

/** The library's self-test, as main has it. */
export const useSelfTest = create<SelfTestState>()((set) => {
  const take = (result: Result<SelfTestStatus>): void => {
    if (result.ok) set({ status: result.value })
    else showFailure(result.error)
  }
  return {
    status: null,
    load: async () => take(await request('self-test:status', {})),
    receive: (status) => set({ status }),
    start: async () => take(await request('self-test:start', {})),
    cancel: async () => {
      const result = await request('self-test:cancel', {})
      if (!result.ok) showFailure(result.error)
    },
    generate: async (count) => {
      const result = await request('self-test:generate', { count })
      if (result.ok) return result.value.made
      showFailure(result.error)
      return null
    },
    remove: async (id) => take(await request('self-test:remove', { id })),
    keep: async (expectation) => {
      const result = await request('self-test:keep', expectation)
      if (!result.ok) showFailure(result.error)
      return result.ok
    },
  }
})
