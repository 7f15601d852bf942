import { BookmarkCheck, BookmarkPlus } from 'lucide-react'
import { type ReactElement, useState } from 'react'
import type { KeepExpectation } from '../../../shared/self-test.ts'
import { Button } from '../../components/button.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { useSelfTest } from './self-test-store.ts'

/** Keeps a question and a passage for the self-test, and says that it is kept. */
export function KeepExpectation({ expectation }: { readonly expectation: KeepExpectation }): ReactElement {
  const { t } = useTranslate()
  const keep = useSelfTest((state) => state.keep)
  const [state, setState] = useState<'offered' | 'keeping' | 'kept'>('offered')
  const onKeep = async (): Promise<void> => {
    setState('keeping')
    setState((await keep(expectation)) ? 'kept' : 'offered')
  }
  return (
    <div className="mt-3 border-t border-line pt-3">
      <p className="text-[12px] leading-[17px] text-soft">{t('self-test.keep-detail')}</p>
      <div aria-live="polite">
        {state === 'kept' ? (
          <p className="mt-2 flex items-center gap-1.5 text-accent" data-testid="expectation-kept">
            <BookmarkCheck size={14} aria-hidden />
            {t('self-test.is-kept')}
          </p>
        ) : (
          <Button
            className="mt-2"
            data-testid="keep-expectation"
            disabled={state === 'keeping'}
            onClick={() => void onKeep()}
          >
            <BookmarkPlus size={14} aria-hidden />
            {t('self-test.keep')}
          </Button>
        )}
      </div>
    </div>
  )
}
