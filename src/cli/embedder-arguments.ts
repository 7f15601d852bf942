import { type EmbedderLanguages, embedderLanguages, languageGroups, type LanguageGroup } from '../shared/embedder.ts'
import { UsageError } from './usage-error.ts'

/** What was said of an embedder that is added; null: as its configuration says. */
export interface AddChoices {
  readonly name: string | null
  readonly pooling: 'mean' | 'cls' | 'last' | null
  readonly questionPrefix: string | null
  readonly passagePrefix: string | null
  readonly limitTokens: number | null
  readonly languages: EmbedderLanguages | null
}

export type EmbedderCommand =
  | { readonly name: 'embedders' }
  | { readonly name: 'add-embedder'; readonly folder: string; readonly choices: AddChoices }
  | { readonly name: 'add-ollama-embedder'; readonly model: string; readonly choices: AddChoices }
  | { readonly name: 'use-embedder'; readonly embedder: string; readonly groups: readonly LanguageGroup[] }
  | { readonly name: 'remove-embedder'; readonly embedder: string }
  | { readonly name: 'reindex'; readonly groups: readonly LanguageGroup[]; readonly isCancelling: boolean }

export interface EmbedderValues {
  readonly for?: string | undefined
  readonly ollama?: string | undefined
  readonly name?: string | undefined
  readonly pooling?: string | undefined
  readonly 'question-prefix'?: string | undefined
  readonly 'passage-prefix'?: string | undefined
  readonly limit?: string | undefined
  readonly languages?: string | undefined
  readonly cancel?: boolean | undefined
}

/** As `parseArgs` takes them. */
export const embedderOptions = {
  for: { type: 'string' },
  ollama: { type: 'string' },
  name: { type: 'string' },
  pooling: { type: 'string' },
  'question-prefix': { type: 'string' },
  'passage-prefix': { type: 'string' },
  limit: { type: 'string' },
  languages: { type: 'string' },
  cancel: { type: 'boolean' },
} as const

const modelPoolings = ['mean', 'cls', 'last'] as const

/** @throws UsageError when an option of these commands stands with another one */
export function refuseForeignEmbedderOptions(name: string | undefined, values: EmbedderValues): void {
  if (name === 'embedders' || name === 'reindex') return
  const given = (Object.keys(embedderOptions) as (keyof EmbedderValues)[]).find((key) => values[key] !== undefined)
  if (given !== undefined) throw new UsageError(`--${given} belongs to embedders and reindex.`)
}

/** `embedders [list|add|use|remove] ...` and `reindex`. @throws UsageError */
export function toEmbedderCommand(
  name: 'embedders' | 'reindex',
  rest: readonly string[],
  values: EmbedderValues,
): EmbedderCommand {
  if (name === 'reindex') {
    if (rest.length > 0) throw new UsageError('reindex takes no further words; --for says for which language.')
    return { name, groups: groupsOf(values.for ?? 'all'), isCancelling: values.cancel === true }
  }
  const [action = 'list', first, ...more] = rest
  if (values.cancel !== undefined) throw new UsageError('--cancel belongs to reindex.')
  if (more.length > 0) throw new UsageError(`embedders ${action} takes one embedder.`)
  switch (action) {
    case 'list':
      if (first !== undefined) throw new UsageError('embedders list takes no further words.')
      return { name }
    case 'add': {
      const choices = choicesOf(values)
      if (values.ollama !== undefined) {
        if (first !== undefined) throw new UsageError('embedders add takes a folder or --ollama MODEL, not both.')
        if (values.ollama.trim() === '') throw new UsageError('--ollama needs the name of a model.')
        return { name: 'add-ollama-embedder', model: values.ollama, choices }
      }
      if (first === undefined) throw new UsageError('embedders add needs a folder, or --ollama MODEL.')
      return { name: 'add-embedder', folder: first, choices }
    }
    case 'use':
      if (first === undefined) throw new UsageError('embedders use needs an embedder; see carrel embedders.')
      if (values.for === undefined) throw new UsageError('embedders use needs --for chinese, other or all.')
      return { name: 'use-embedder', embedder: first, groups: groupsOf(values.for) }
    case 'remove':
      if (first === undefined) throw new UsageError('embedders remove needs an embedder; see carrel embedders.')
      return { name: 'remove-embedder', embedder: first }
    default:
      throw new UsageError(`There is no command embedders ${action}.`)
  }
}

function groupsOf(text: string): readonly LanguageGroup[] {
  if (text === 'all') return languageGroups
  const group = languageGroups.find((known) => known === text)
  if (group === undefined) throw new UsageError('--for takes chinese, other or all.')
  return [group]
}

function choicesOf(values: EmbedderValues): AddChoices {
  const pooling = modelPoolings.find((known) => known === values.pooling)
  if (values.pooling !== undefined && pooling === undefined) throw new UsageError('--pooling takes mean, cls or last.')
  const languages = embedderLanguages.find((known) => known === values.languages)
  if (values.languages !== undefined && languages === undefined)
    throw new UsageError('--languages takes english, chinese or many.')
  const limit = values.limit === undefined ? null : Number(values.limit)
  if (limit !== null && !(Number.isInteger(limit) && limit >= 16 && limit <= 32_768))
    throw new UsageError('--limit takes a whole number of tokens from 16 to 32768.')
  return {
    name: values.name ?? null,
    pooling: pooling ?? null,
    questionPrefix: values['question-prefix'] ?? null,
    passagePrefix: values['passage-prefix'] ?? null,
    limitTokens: limit,
    languages: languages ?? null,
  }
}
