import type { SerializedAppError } from '../../shared/errors.ts'
import { en } from './en.ts'
import type { TextKey, Translate } from './translate.ts'

const isTextKey = (key: string): key is TextKey => key in en

/**
 * The sentence for a failure in the page's language, by its code. Where a `.detailed` form exists and the error brings
 * every value it names, that form is used.
 */
export function errorText(t: Translate, error: SerializedAppError): string {
  const detailed = `error.${error.code}.detailed`
  if (isTextKey(detailed)) {
    const template: string = en[detailed as keyof typeof en]
    const names = [...template.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '')
    const values = Object.fromEntries(Object.entries(error.details ?? {}).map(([name, value]) => [name, String(value)]))
    if (names.every((name) => name in values)) return t(detailed, values)
  }
  return t(`error.${error.code}`)
}
