import { AtSign, Check, ChevronRight } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactElement } from 'react'
import { type DocumentKind, documentKinds } from '../../../shared/document.ts'
import type { NamedScope } from '../../../shared/collection.ts'
import { menuLine, menuSurface } from '../../components/menu.tsx'
import { PillMenu } from '../../components/pill-menu.tsx'
import { useTranslate } from '../../i18n/translate.ts'
import { useCollections } from '../library/collections-store.ts'
import { partKey, partName, partsOf, type ScopePart, withoutPart, withPart } from './scope-parts.ts'

function Tick(): ReactElement {
  return (
    <span className="w-4 shrink-0">
      <DropdownMenu.ItemIndicator>
        <Check size={14} aria-hidden className="text-accent" />
      </DropdownMenu.ItemIndicator>
    </span>
  )
}

/** What the next question is asked of: everything, or collections and kinds. Single documents are chosen by `@`. */
export function ScopeMenu({
  scope,
  onScope,
}: {
  readonly scope: NamedScope | null
  readonly onScope: (scope: NamedScope | null) => void
}): ReactElement {
  const { t } = useTranslate()
  const collections = useCollections((state) => state.list)
  const parts = partsOf(scope)
  const [only] = parts
  const shown =
    only === undefined
      ? t('library.everything')
      : parts.length === 1
        ? partName(t, only)
        : t('scope.chosen', { count: parts.length })
  const chosen = new Set(parts.map(partKey))
  const line = (part: ScopePart): ReactElement => (
    <DropdownMenu.CheckboxItem
      key={partKey(part)}
      checked={chosen.has(partKey(part))}
      // It stays open: several may be chosen.
      onSelect={(event) => event.preventDefault()}
      onCheckedChange={(isOn) => onScope(isOn ? withPart(scope, part) : withoutPart(scope, part))}
      className={menuLine}
    >
      <Tick />
      <span className="min-w-0 truncate">{partName(t, part)}</span>
    </DropdownMenu.CheckboxItem>
  )
  return (
    <PillMenu
      testId="scope-menu"
      label={t('scope.label')}
      shown={shown}
      icon={<AtSign size={13} aria-hidden className="shrink-0" />}
      pillClass="max-w-48"
      surfaceClass="max-h-96 max-w-80 overflow-y-auto"
    >
      <DropdownMenu.CheckboxItem checked={scope === null} onSelect={() => onScope(null)} className={menuLine}>
        <Tick />
        {t('library.everything')}
      </DropdownMenu.CheckboxItem>
      {collections.map(({ id, name }) => line({ type: 'collection', part: { id, name } }))}
      <DropdownMenu.Separator className="mx-1 my-1 h-px bg-line" />
      <DropdownMenu.Sub>
        <DropdownMenu.SubTrigger className={menuLine}>
          <span className="w-4 shrink-0" />
          <span className="flex-1">{t('scope.kinds')}</span>
          <ChevronRight size={13} aria-hidden className="text-soft" />
        </DropdownMenu.SubTrigger>
        <DropdownMenu.Portal>
          <DropdownMenu.SubContent collisionPadding={8} className={menuSurface}>
            {documentKinds.map((kind: DocumentKind) => line({ type: 'kind', part: kind }))}
          </DropdownMenu.SubContent>
        </DropdownMenu.Portal>
      </DropdownMenu.Sub>
      <p className="px-2.5 pt-1 pb-1.5 text-[12px] text-soft">{t('scope.hint')}</p>
    </PillMenu>
  )
}
