import { describe, expect, it } from 'vitest'
import { detectLanguage } from '../../../../../src/main/ingest/chunk/detect-language.ts'
import { routeEmbedder, routeQuestion } from '../../../../../src/main/ingest/chunk/route-embedder.ts'
import { profileScripts } from '../../../../../src/main/ingest/chunk/script-profile.ts'

describe('profileScripts', () => {
  it('counts letters by script', () => {
    expect(profileScripts('Ab é 劳动𠀀 かタ 한 Яα 12 ،!')).toEqual({ latin: 3, han: 3, kana: 2, hangul: 1, other: 2 })
  })
})

describe('routeEmbedder', () => {
  it.each([
    ['用人单位可以解除劳动合同。', 'bge-small-zh-v1.5'],
    ['使用 Transformers.js 加载 embedding 模型', 'bge-small-zh-v1.5'],
    ['勞動契約之終止', 'bge-small-zh-v1.5'],
    ['The Chinese term 劳动合同 means an employment contract.', 'all-MiniLM-L6-v2'],
    ['労働契約は終了することができます。', 'all-MiniLM-L6-v2'],
    ['근로계약', 'all-MiniLM-L6-v2'],
    ['Договор', 'all-MiniLM-L6-v2'],
    ['12 34', 'all-MiniLM-L6-v2'],
  ])('%s -> %s', (text, embedder) => {
    expect(routeEmbedder(profileScripts(text))).toBe(embedder)
  })
})

describe('routeQuestion', () => {
  it.each([
    ['What is the notice period?', ['all-MiniLM-L6-v2']],
    ['劳动合同什么时候可以解除？', ['bge-small-zh-v1.5']],
    ['Steve Jobs 在哪里出生', ['bge-small-zh-v1.5']],
    ['GPT-4 是什么', ['bge-small-zh-v1.5']],
    ['Transformers.js 怎么加载 embedding model？', ['all-MiniLM-L6-v2', 'bge-small-zh-v1.5']],
    ['What does 劳动合同 mean in the handbook?', ['all-MiniLM-L6-v2', 'bge-small-zh-v1.5']],
    ['契約の期間は何ですか what is it', ['all-MiniLM-L6-v2']],
    ['', ['all-MiniLM-L6-v2']],
  ])('%s', (question, embedders) => {
    expect(routeQuestion(question)).toEqual(embedders)
  })
})

describe('detectLanguage', () => {
  it.each([
    ['劳动合同可以解除', 'zh'],
    ['契約を終了することができます', 'ja'],
    ['근로계약을 해지할 수 있습니다', 'ko'],
    ['The contract may be terminated by either party at any time.', 'en'],
    ['Der Vertrag kann jederzeit von beiden Seiten gekündigt werden.', 'de'],
    ['Le contrat peut être résilié à tout moment par les parties.', 'fr'],
    ['Договор может быть расторгнут в любое время.', 'ru'],
    ['12 34 — 56', 'und'],
  ])('%s is %s', (text, language) => {
    expect(detectLanguage(text)).toBe(language)
  })
})
