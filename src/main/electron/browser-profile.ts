import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes Chromium's profile folder and tells it, before its first session, that there is no dictionary to load. A session
 * fetches the dictionary of the system's language while it is being made, before `setSpellCheckerEnabled(false)` can be
 * said; the list of wanted dictionaries must name something (an empty one is filled with the system's language), and
 * what it names is blocked.
 *
 * Must run before the app is ready. @throws the system's error when the folder cannot be written.
 */
export function prepareBrowserProfile(browserFolder: string): void {
  mkdirSync(browserFolder, { recursive: true })
  const file = join(browserFolder, 'Preferences')
  const before = readText(file)
  const after = withoutDictionaries(before)
  if (after !== before) writeFileSync(file, after)
}

/** The profile's preferences with no dictionary to fetch; damaged ones are begun anew. Unchanged text when it says so already. */
export function withoutDictionaries(preferencesText: string): string {
  const preferences = parseObject(preferencesText)
  const spelling = isObject(preferences['spellcheck']) ? preferences['spellcheck'] : {}
  const isDone = JSON.stringify([spelling['dictionaries'], spelling['blocked_dictionaries']]) === '[["none"],["none"]]'
  if (isDone) return preferencesText
  return JSON.stringify({
    ...preferences,
    spellcheck: { ...spelling, dictionaries: ['none'], blocked_dictionaries: ['none'] },
  })
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    // The first start of a library.
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return ''
    throw cause
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text)
    return isObject(parsed) ? parsed : {}
  } catch (cause) {
    if (cause instanceof SyntaxError) return {}
    throw cause
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
