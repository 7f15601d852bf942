import { toast } from 'sonner'
import type { SerializedAppError } from '../../shared/errors.ts'
import { errorText } from '../i18n/error-text.ts'
import type { Translate } from '../i18n/translate.ts'

/** Characters of a title in a notice, which is narrow. */
const longestNamed = 40

let translate: Translate = (key) => key

/** Tells the notices which language to speak; called whenever it changes. */
export function setNoticeLanguage(next: Translate): void {
  translate = next
}

/** A failure that has no place of its own on the page: one sentence with the next step, until it is closed. */
export function showFailure(error: SerializedAppError): void {
  toast.error(translate('error.title'), {
    description: errorText(translate, error),
    id: `error-${error.code}`,
    duration: 10_000,
    closeButton: true,
  })
}

/** An answer was asked for again, and nothing came of it. */
export function showEarlierStays(): void {
  showNotice(translate('answer.earlier-stays'))
}

/** Something that happened as asked, said once and briefly. */
export function showNotice(text: string): void {
  toast(text, { duration: 4000 })
}

/** A conversation was deleted: half a minute to take it back here. `id`: a later notice takes its place. */
export function showDeleted(title: string, options: { readonly id: string; readonly onUndo: () => void }): void {
  const characters = Array.from(title)
  const short = characters.length > longestNamed ? `${characters.slice(0, longestNamed).join('').trimEnd()}…` : title
  showUndo(translate('conversations.deleted', { title: short }), options)
}

/** Something that can be taken back for half a minute. `id`: a later notice takes its place. */
export function showUndo(text: string, options: { readonly id: string; readonly onUndo: () => void }): void {
  toast(text, {
    id: options.id,
    duration: 30_000,
    closeButton: true,
    action: { label: translate('app.undo'), onClick: options.onUndo },
  })
}
