import type { ReactElement } from 'react'
import { Button } from '../../components/button.tsx'
import { Logo } from '../../components/logo.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { addSamples, chooseAndAdd } from '../library/add-documents.ts'
import { ModelCard } from './model-card.tsx'

/** The first minute: an empty library, one place to put documents, and what works without a model. */
export function Onboarding(): ReactElement {
  const { t } = useTranslate()
  return (
    <div className="flex flex-col gap-4 pt-2">
      <section
        aria-label={t('onboarding.title')}
        className="flex flex-col items-center rounded-2xl border border-dashed border-accent bg-[color-mix(in_srgb,var(--wash)_60%,var(--surface))] px-8 pt-12 pb-11 text-center [@media(max-height:680px)]:py-6"
        data-testid="onboarding"
      >
        <Logo size={34} />
        <h2 className="mt-4 text-[20px] leading-7 font-semibold">{t('onboarding.title')}</h2>
        <p className="mt-1.5 max-w-[520px] text-[14px] leading-[22px] text-soft">
          <span className="block text-balance">{t('onboarding.detail')}</span>
          <span className="block text-balance">{t('onboarding.stays')}</span>
        </p>
        <div className="mt-5 flex flex-wrap justify-center gap-2.5">
          <Button look="primary" onClick={() => void chooseAndAdd(t, 'files')}>
            {t('onboarding.files')}
          </Button>
          <Button onClick={() => void chooseAndAdd(t, 'folder')}>{t('onboarding.folder')}</Button>
        </div>
        <button
          type="button"
          onClick={() => void addSamples(t)}
          className="mt-5 rounded-md px-1 font-semibold text-accent hover:underline"
        >
          {t('onboarding.samples')}
        </button>
        <p className="text-[12.5px] text-soft">{t('onboarding.samples-detail')}</p>
      </section>
      <ModelCard />
    </div>
  )
}
