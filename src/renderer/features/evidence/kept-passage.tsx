import type { ReactElement } from 'react'
import type { Passage } from '../../../shared/passage.ts'
import { textLanguage } from '../../components/text-language.ts'
import { useTranslate } from '../../i18n/translate.ts'

/** The passage as the answer kept it, for when its document cannot be shown or has changed. */
export function KeptPassage({ passage }: { readonly passage: Passage }): ReactElement {
  const { t } = useTranslate()
  return (
    <article
      className="sheet selectable mb-4"
      lang={textLanguage(passage.text, passage.language)}
      aria-label={t('evidence.kept')}
      data-testid="kept-passage"
    >
      {passage.headingPath.length > 0 && <h3>{passage.headingPath.at(-1)}</h3>}
      <p>{passage.text}</p>
      {passage.page !== null && <p className="page-number">{passage.page}</p>}
    </article>
  )
}
