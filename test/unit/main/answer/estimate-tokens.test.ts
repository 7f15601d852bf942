import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { estimateTokens } from '../../../../src/main/answer/estimate-tokens.ts'

const sample = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../../../resources/samples', name), 'utf8')

/** `prompt_eval_count` of smollm2:135m in Ollama 0.11.4, raw prompts without a template. */
const counted: readonly (readonly [kind: string, text: string, tokens: number])[] = [
  ['a Chinese contract', sample('租赁合同（中文版）.md'), 1388],
  ['Chinese notes with numbers', sample('搬迁会议纪要.txt'), 744],
  ['a table in HTML', sample('Rent schedule.html'), 643],
  ['JSON with both languages', sample('questions.json'), 156],
  ['percentages', Array.from({ length: 300 }, (_, index) => `${(index * 137) % 991}.${index}%`).join(' '), 2555],
  [
    'identifiers',
    Array.from({ length: 80 }, (_, index) => `a3f${(index * 7919).toString(16)}-9c${index}`).join(' '),
    983,
  ],
  ['rules of dashes', '-----|-----|-----\n'.repeat(30), 180],
  ['indentation', '          x\n\t\ty\n'.repeat(50), 251],
  ['capitals', 'THE TENANT SHALL GIVE NOTICE IN WRITING TO THE LANDLORD. '.repeat(10), 191],
  [
    'German',
    'Die Kündigungsfrist beträgt neunzig Tage; Übergangsregelungen für Mietverträge bleiben unberührt. '.repeat(10),
    401,
  ],
  ['French', "L'échéance du bail est fixée à neuf ans, sauf résiliation anticipée. ".repeat(10), 241],
  ['Russian', 'Приливы и отливы зависят от положения Луны и Солнца. '.repeat(40), 1521],
  ['Japanese', '潮の満ち引きは月と太陽の引力によって起こります。カーレルは図書館の個人用の机です。'.repeat(40), 2960],
  ['Korean', '조수는 달과 태양의 인력에 의해 일어납니다. 도서관의 개인 책상입니다. '.repeat(40), 3241],
  ['Arabic', 'المد والجزر يعتمدان على موقع القمر. '.repeat(8), 241],
  ['Thai', 'น้ำขึ้นน้ำลงขึ้นอยู่กับดวงจันทร์'.repeat(6), 378],
  ['formulas', '∑_{i=1}^{n} α_i · β² ≤ √(x) → ∞ ± '.repeat(15), 376],
  ['emoji', '😀🎉👍🏽 ok '.repeat(20), 242],
]

it.each(counted)('is on the high side of what a model counted, and not beyond use: %s', (_kind, text, tokens) => {
  expect(estimateTokens(text)).toBeGreaterThanOrEqual(tokens)
  expect(estimateTokens(text)).toBeLessThan(tokens * 1.9)
})
