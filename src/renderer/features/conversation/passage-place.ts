import type { Passage } from '../../../shared/passage.ts'
import type { Translate } from '../../i18n/translate.ts'

/** What a passage says, without the headings that it may begin with: they are named as its place. */
export function passageWords({ text, headingPath }: Pick<Passage, 'text' | 'headingPath'>): string {
  const words = headingPath.reduce(
    (rest, heading) => (rest.startsWith(heading) ? rest.slice(heading.length).trimStart() : rest),
    text.trimStart(),
  )
  return words === '' ? text : words
}

/** Where in its document a passage stands, in a few words: "p. 17 · 9.2 Early termination". Empty when nothing is known. */
export function passagePlace(t: Translate, passage: Pick<Passage, 'page' | 'lastPage' | 'headingPath'>): string {
  const { page, lastPage, headingPath } = passage
  const pages =
    page === null
      ? ''
      : lastPage !== null && lastPage !== page
        ? t('source.pages', { page, lastPage })
        : t('source.page', { page })
  return [pages, headingPath.at(-1) ?? ''].filter((part) => part !== '').join(' · ')
}

/** "also in 3 versions": how many documents hold the same passage; that their numbers differ is said at once. Empty for none. */
export function versionsText(t: Translate, { versions }: Pick<Passage, 'versions'>): string {
  if (versions.length === 0) return ''
  const count = versions.length
  const isDifferent = versions.some(({ differences }) => differences.length > 0)
  if (versions.every(({ isDraft }) => isDraft))
    return t(isDifferent ? 'source.versions-differ' : 'source.versions', { count })
  return t(isDifferent ? 'source.documents-differ' : 'source.documents', { count })
}
