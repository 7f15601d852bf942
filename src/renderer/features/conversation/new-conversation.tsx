import type { ReactElement } from 'react'
import { Logo } from '../../components/logo.tsx'
import { textLanguage } from '../../components/text-language.ts'
import { useTranslate } from '../../i18n/translate.ts'
import { useLibrary } from '../library/library-store.ts'
import { ModelCard } from '../onboarding/model-card.tsx'

/** A conversation before its first question: an invitation, the samples' questions, and what is missing. */
export function NewConversation({ onAsk }: { readonly onAsk: (question: string) => void }): ReactElement {
  const { t } = useTranslate()
  const questions = useLibrary((state) => state.sampleQuestions)
  return (
    <div className="flex flex-1 flex-col justify-center gap-6 pb-10">
      <div className="flex flex-col items-center text-center">
        <Logo size={28} />
        <h2 className="mt-3 text-[20px] leading-8 font-semibold">{t('conversation.empty-title')}</h2>
        <p className="mt-1 leading-5.5 text-balance text-soft">{t('conversation.empty-detail')}</p>
      </div>
      {questions.length > 0 && (
        <section aria-label={t('conversation.try')} className="flex flex-wrap justify-center gap-2">
          {questions.map((question) => (
            <button
              key={question}
              type="button"
              lang={textLanguage(question)}
              data-testid="sample-question"
              onClick={() => onAsk(question)}
              className="rounded-full border border-line bg-raised px-3.5 py-1.5 text-left text-[13px] transition-colors duration-120 hover:border-accent hover:bg-wash"
            >
              {question}
            </button>
          ))}
        </section>
      )}
      <ModelCard />
    </div>
  )
}
