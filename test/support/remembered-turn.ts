import { randomUUID } from 'node:crypto'
import type { RememberedTurn } from '../../src/main/ports/conversation-store.ts'
import { messageIdSchema } from '../../src/shared/ids.ts'

/** A finished turn for tests. */
export function rememberedTurn(overrides: Partial<RememberedTurn> = {}): RememberedTurn {
  return {
    answerId: messageIdSchema.parse(randomUUID()),
    question: 'What notice ends the lease?',
    condensedQuestion: null,
    answer: 'Three months [1].',
    mode: 'generated',
    finishReason: 'stop',
    sources: [],
    ...overrides,
  }
}
