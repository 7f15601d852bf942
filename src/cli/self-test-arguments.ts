import type { ChunkId } from '../shared/ids.ts'
import { oneText, UsageError } from './usage-error.ts'

/** What `carrel self-test` is asked to do. */
export type SelfTestCommand =
  | { readonly name: 'self-test' }
  | { readonly name: 'self-test-list' }
  | { readonly name: 'self-test-keep'; readonly question: string; readonly passageId: ChunkId }
  | { readonly name: 'self-test-generate'; readonly count: number }
  | { readonly name: 'self-test-remove'; readonly id: string }

const defaultQuestions = 50

/** What follows `self-test`. @throws UsageError */
export function selfTestCommand(
  [what, ...rest]: readonly string[],
  { passageId, count }: { readonly passageId: ChunkId | null; readonly count: number | null },
): SelfTestCommand {
  if (what !== 'keep' && passageId !== null) throw new UsageError('--passage belongs to self-test keep.')
  if (what !== 'generate' && count !== null) throw new UsageError('-k belongs to self-test generate.')
  switch (what) {
    case undefined:
      return { name: 'self-test' }
    case 'list':
    case 'generate':
      if (rest.length > 0) throw new UsageError(`self-test ${what} takes no further words.`)
      return what === 'list'
        ? { name: 'self-test-list' }
        : { name: 'self-test-generate', count: count ?? defaultQuestions }
    case 'keep':
      if (passageId === null) throw new UsageError('self-test keep needs --passage ID, as search --json shows it.')
      return { name: 'self-test-keep', question: oneText(rest, 'self-test keep needs a question.'), passageId }
    case 'remove': {
      const [id, ...more] = rest
      if (id === undefined || more.length > 0)
        throw new UsageError('self-test remove needs one id, see self-test list.')
      return { name: 'self-test-remove', id }
    }
    default:
      throw new UsageError(`self-test does not know ${what}: keep, generate, list or remove.`)
  }
}
