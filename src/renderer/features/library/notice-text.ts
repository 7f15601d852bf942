import { assertNever } from '../../../shared/assert-never.ts'
import type { DocumentNotice } from '../../../shared/document.ts'
import type { Translate } from '../../i18n/translate.ts'

/** A notice in words; the figures are used where the parser gave them. */
export function noticeText(t: Translate, { code, values }: DocumentNotice): string {
  switch (code) {
    case 'pages-without-text': {
      const { pages: without, of: pages } = values
      return without === undefined || pages === undefined
        ? t('notice.pages-without-text.plain')
        : t('notice.pages-without-text', { without, pages })
    }
    case 'keywords-only':
      return values['percent'] === undefined
        ? t('notice.keywords-only')
        : t('notice.keywords-only.share', { percent: values['percent'] })
    case 'encoding-guessed': {
      const encoding = values['encoding']
      return encoding === undefined ? t('notice.encoding-guessed.plain') : t('notice.encoding-guessed', { encoding })
    }
    case 'pages-left-out':
      return t('notice.pages-left-out', { count: Number(values['count'] ?? 1), pages: values['pages'] ?? '?' })
    case 'parts-left-out':
      return t('notice.parts-left-out', { count: Number(values['count'] ?? 1) })
    case 'passages-not-embedded':
      return t('notice.passages-not-embedded', { count: Number(values['count'] ?? 1) })
    case 'truncated-file':
      return t('notice.truncated-file')
    default:
      return assertNever(code)
  }
}
