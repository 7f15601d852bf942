import type { SerializedAppError } from '../../shared/errors.ts'
import { en } from './en.ts'
import type { TextKey, Translate } from './translate.ts'

/** A key without plural forms. */
type PlainKey = TextKey & keyof typeof en
const isTextKey = (key: string): key is PlainKey => Object.hasOwn(en, key)

/**
 * The sentence for a failure in the page's language, by its code. The most particular form whose values the error brings:
 * `error.<code>.<reason>` (a reason main gives), `error.<code>.detailed` (a sentence with values in it), `error.<code>`.
 */
export function errorText(t: Translate, error: SerializedAppError): string {
  const values = Object.fromEntries(Object.entries(error.details ?? {}).map(([name, value]) => [name, String(value)]))
  const reason = values['reason'] ?? (values['pagesWithoutText'] === undefined ? undefined : 'pages-without-text')
  const particular = [`error.${error.code}.${reason ?? ''}`, `error.${error.code}.detailed`]
    .filter(isTextKey)
    .find((key) => placeholders(en[key]).every((name) => name in values))
  return particular === undefined ? t(`error.${error.code}`) : t(particular, values)
}

function placeholders(template: string): readonly string[] {
  return [...template.matchAll(/\{\{(\w+)/g)].map((match) => match[1] ?? '')
}
