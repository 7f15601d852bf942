import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { en } from '../../../src/renderer/i18n/en.ts'
import { errorText } from '../../../src/renderer/i18n/error-text.ts'
import {
  createTranslator,
  pageLanguages,
  resolveLanguage,
  translateWith,
} from '../../../src/renderer/i18n/translate.ts'
import { zhCn } from '../../../src/renderer/i18n/zh-cn.ts'
import { appErrorCodes } from '../../../src/shared/errors.ts'

const english: Readonly<Record<string, string>> = en
const chinese: Readonly<Record<string, string>> = zhCn
const placeholders = (text: string): readonly string[] =>
  [...text.matchAll(/\{\{(\w+)(?:, number)?\}\}/g)].map((match) => match[1] ?? '').toSorted()
const base = (key: string): string => key.replace(/_(one|other)$/, '')

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.tsx?$/.test(entry.name) && !/i18n\/(en|zh-cn)\.ts$/.test(path) ? [readFileSync(path, 'utf8')] : []
  })
}

describe('texts', () => {
  it('both languages have every key, with the same values in it', () => {
    const expected = Object.keys(english).filter((key) => !key.endsWith('_one'))
    expect(Object.keys(chinese).toSorted()).toEqual(expected.toSorted())
    for (const key of expected)
      expect([key, placeholders(chinese[key] ?? '')]).toEqual([key, placeholders(english[key] ?? '')])
  })

  it('every plural has both forms in English', () => {
    const plural = Object.keys(english)
      .filter((key) => /_(one|other)$/.test(key))
      .map(base)
    for (const key of new Set(plural))
      expect([key, `${key}_one` in english, `${key}_other` in english]).toEqual([key, true, true])
  })

  it('every error code has a sentence in both languages', () => {
    for (const language of pageLanguages) {
      const t = translateWith(createTranslator(language))
      const texts = appErrorCodes.map((code) => errorText(t, { code, message: '', retryable: false }))
      for (const [index, text] of texts.entries()) {
        expect(text).not.toBe(`error.${appErrorCodes[index]}`)
        expect(text).not.toContain('{{')
        expect(text).toMatch(/[.。]$/)
      }
      expect(new Set(texts).size).toBe(appErrorCodes.length)
    }
  })

  it('an error names its details where it brings them', () => {
    const t = translateWith(createTranslator('en'))
    const error = { code: 'ollama-model-missing', message: '', retryable: false } as const
    expect(errorText(t, { ...error, details: { model: 'gemma:2b' } })).toContain('gemma:2b')
    expect(errorText(t, error)).not.toContain('{{')
    const unreadable = { code: 'unreadable-file', message: '', retryable: true } as const
    expect(errorText(t, { ...unreadable, details: { reason: 'vanished' } })).toMatch(/no longer there/)
    expect(errorText(t, { ...unreadable, details: { reason: 'something new' } })).toBe(errorText(t, unreadable))
    expect(errorText(t, { ...unreadable, details: { reason: 'constructor' } })).toBe(errorText(t, unreadable))
  })

  it('every text is used, and every text used exists', () => {
    const code = sources(join(import.meta.dirname, '../../../src/renderer')).join('\n')
    const known = new Set(Object.keys(english).map(base))
    const literal = [...code.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] ?? '')
    expect(literal.filter((key) => !known.has(key))).toEqual([])
    // `error.${code}` and the like: a family of keys, each of which must exist by its type.
    const families = [...code.matchAll(/[(=\s]`([a-z-]+\.)\$\{[^}]+\}(\.[a-z]+)?`/g)].map(
      (match) => [match[1] ?? '', match[2] ?? ''] as const,
    )
    const quoted = new Set([...code.matchAll(/'([a-z-]+(?:\.[a-z-]+)+)'/g)].map((match) => match[1] ?? ''))
    const isUsed = (key: string): boolean =>
      key.startsWith('error.') ||
      quoted.has(key) ||
      families.some(
        ([prefix, suffix]) =>
          key.startsWith(prefix) && (suffix === '' ? key.split('.').length === 2 : key.endsWith(suffix)),
      )
    expect([...known].filter((key) => !isUsed(key))).toEqual([])
    // Errors are looked up by code: no sentence for a code that does not exist.
    const codes = new Set<string>([...appErrorCodes, 'title'])
    expect([...known].filter((key) => key.startsWith('error.') && !codes.has(key.split('.')[1] ?? ''))).toEqual([])
  })

  it('keeps the house words: no exclamation mark, no "AI", Chinese punctuation in Chinese', () => {
    for (const [key, text] of [...Object.entries(english), ...Object.entries(chinese)]) {
      expect([key, /[!！]|\bAI\b|人工智能/.test(text)]).toEqual([key, false])
    }
    const halfWidth = Object.entries(chinese).filter(([, text]) =>
      /[\u4e00-\u9fff]\s*[,;:?()]|[,;:?()]\s*[\u4e00-\u9fff]/.test(text),
    )
    expect(halfWidth).toEqual([])
    expect(Object.values(chinese).filter((text) => text.includes('你'))).toEqual([])
  })

  it('counts in words of both languages', () => {
    const inEnglish = translateWith(createTranslator('en'))
    const inChinese = translateWith(createTranslator('zh-CN'))
    expect([inEnglish('library.queued', { count: 1 }), inEnglish('library.queued', { count: 12 })]).toEqual([
      '1 file found. It is being read.',
      '12 files found. They are being read.',
    ])
    expect(inEnglish('status.documents', { count: 12_345 })).toBe('12,345 documents')
    expect(inChinese('library.queued', { count: 1 })).toBe('找到 1 个文件，正在读取。')
  })

  it('takes the system’s language where none is chosen', () => {
    expect(resolveLanguage('system', ['zh-TW', 'en'])).toBe('zh-CN')
    expect(resolveLanguage('system', ['de-DE', 'zh-CN'])).toBe('zh-CN')
    expect(resolveLanguage('system', ['de-DE'])).toBe('en')
    expect(resolveLanguage('en', ['zh-CN'])).toBe('en')
  })
})
