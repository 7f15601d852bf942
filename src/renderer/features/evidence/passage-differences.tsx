import type { ReactElement } from 'react'
import { textLanguage } from '../../components/text-language.ts'
import { useTranslate } from '../../i18n/translate.ts'
import type { PassageComparison } from './compare-passage.ts'
import type { DiffPiece } from './word-diff.ts'

function Piece({ piece }: { readonly piece: DiffPiece }): ReactElement {
  const { t } = useTranslate()
  const { kind, text } = piece
  if (kind === 'same') return <span>{text}</span>
  const Tag = kind === 'removed' ? 'del' : 'ins'
  const words = text.trimEnd()
  return (
    <>
      <Tag>
        <span className="sr-only">{t(kind === 'removed' ? 'evidence.removed-words' : 'evidence.added-words')}</span>
        {words}
        <span className="sr-only">{t('evidence.end-of-change')}</span>
      </Tag>
      {text.slice(words.length)}
    </>
  )
}

/**
 * The passage as it stands now, with what was removed and what was added: struck out and underlined, and said in words to who
 * does not see that.
 */
export function PassageDifferences({
  comparison,
  page,
  language,
}: {
  readonly comparison: PassageComparison
  readonly page: number | null
  readonly language: string
}): ReactElement {
  const { t } = useTranslate()
  const whole = comparison.pieces.map(({ text }) => text).join('')
  return (
    <section aria-label={t('evidence.comparison')} data-testid="passage-differences">
      <div className="mb-1.5 flex flex-wrap items-baseline gap-x-3 text-[12px] text-soft">
        <h3 className="text-[13px] font-semibold text-ink">{t('evidence.comparison')}</h3>
        <p className="tabular">{t('evidence.differences', { count: comparison.differences })}</p>
        <p aria-hidden className="comparison-key ml-auto flex gap-2.5">
          <del>{t('evidence.key-removed')}</del>
          <ins>{t('evidence.key-added')}</ins>
        </p>
      </div>
      <article className="sheet comparison selectable" lang={textLanguage(whole, language)}>
        <p>
          {comparison.pieces.map((piece) => (
            <Piece key={`${piece.kind} ${piece.start}`} piece={piece} />
          ))}
        </p>
        {page !== null && <p className="page-number">{page}</p>}
      </article>
    </section>
  )
}
