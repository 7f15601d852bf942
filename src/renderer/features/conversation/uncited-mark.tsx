import type { ReactElement } from 'react'
import { Tip } from '../../components/tip.tsx'
import { useTranslate } from '../../i18n/translate.ts'

/** Stands behind a sentence that states a fact and cites nothing; hover or focus says so. */
export function UncitedMark(): ReactElement {
  const { t } = useTranslate()
  return (
    <Tip label={t('finding.uncited')}>
      <button type="button" className="uncited" data-testid="uncited" aria-label={t('finding.uncited')} />
    </Tip>
  )
}
