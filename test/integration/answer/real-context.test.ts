import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { estimateTokens } from '../../../src/main/answer/estimate-tokens.ts'
import { messageTokens } from '../../../src/main/answer/remembered-messages.ts'
import { createOllama } from '../../../src/main/generators/ollama.ts'
import { systemClock } from '../../../src/main/system-clock.ts'
import { createRecordingLog } from '../../support/recording-log.ts'
import { projectFolder } from '../../support/run-carrel.ts'

const { CARREL_TEST_OLLAMA: url, CARREL_TEST_OLLAMA_MODEL: model = 'smollm2:135m' } = process.env
const file = (...path: readonly string[]): string => readFileSync(join(projectFolder, ...path), 'utf8').slice(0, 500)

const texts: Readonly<Record<string, string>> = {
  English: file('README.md'),
  'Chinese from a contract': file('resources', 'samples', '租赁合同（中文版）.md'),
  'Chinese notes with numbers': file('resources', 'samples', '搬迁会议纪要.txt'),
  code: file('src', 'main', 'storage', 'database.ts'),
  JSON: file('package.json'),
  'an HTML table': file('resources', 'samples', 'Rent schedule.html'),
  'a Markdown table': Array.from({ length: 12 }, (_, row) => `| ${row} | Q${row % 4} 2023 | ${row * 317}.50 |`).join(
    '\n',
  ),
  German: 'Die Kündigungsfrist beträgt neunzig Tage; Übergangsregelungen bleiben unberührt. '.repeat(6),
  capitals: 'THE TENANT SHALL GIVE NOTICE IN WRITING TO THE LANDLORD. '.repeat(6),
}

describe.skipIf(url === undefined || url === '')('the context, with a real Ollama (CARREL_TEST_OLLAMA)', () => {
  const ollama = createOllama({ ollamaHost: url, clock: systemClock, log: createRecordingLog() })

  test.each(Object.entries(texts))(
    'an estimate is not below what it counts: %s',
    { timeout: 300_000 },
    async (_kind, text) => {
      const messages = [{ role: 'user' as const, content: text }]
      const request = { model, messages, contextTokens: 4096, maxAnswerTokens: 1 }
      let counted: number | null = null
      for await (const event of ollama.generate(request, { signal: new AbortController().signal }))
        if (event.type === 'end') counted = event.promptTokens
      expect(counted).not.toBeNull()
      expect(estimateTokens(text) + messageTokens + 24).toBeGreaterThanOrEqual(counted ?? Infinity)
      // High, but not so high that half of the context stays empty.
      expect(estimateTokens(text)).toBeLessThan((counted ?? 0) * 2)
    },
  )
})
