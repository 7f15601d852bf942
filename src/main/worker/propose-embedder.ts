import type { EmbedderLanguages, EmbedderProposal } from '../../shared/embedder.ts'

type Json = Readonly<Record<string, unknown>>

/** The configuration files of an embedder, parsed; null: absent. */
export interface EmbedderFiles {
  readonly folderName: string
  readonly config: Json
  readonly tokenizerConfig: Json | null
  readonly pooling: Json | null
  readonly sentenceBert: Json | null
  readonly sentenceTransformers: Json | null
  /** The beginning of its README, or empty. */
  readonly readme: string
}

/** Positions that these models keep for themselves (the first ones count from padding). */
const keptPositions: Readonly<Record<string, number>> = { roberta: 2, 'xlm-roberta': 2, camembert: 2, mpnet: 2 }
/** Configurations say 1e30 where there is no limit. */
const sensibleLimit = 32_768
const fewestTokens = 16
const longestPrefix = 200

/** What an embedder's own files say of how it is to be used; null where they are silent. Pure. */
export function proposeEmbedder(files: EmbedderFiles): Omit<EmbedderProposal, 'sizeBytes'> {
  const name = nameOf(files)
  const prompts = isJson(files.sentenceTransformers?.['prompts']) ? files.sentenceTransformers['prompts'] : {}
  const usual = /\be5\b/i.test(name) ? { question: 'query: ', passage: 'passage: ' } : { question: '', passage: '' }
  return {
    name,
    pooling: poolingOf(files.pooling),
    questionPrefix: promptOf(prompts, ['query', 'search_query', 'question']) ?? usual.question,
    passagePrefix: promptOf(prompts, ['passage', 'document', 'search_document', 'corpus']) ?? usual.passage,
    limitTokens: limitOf(files),
    languages: languagesOf(files.readme, name),
  }
}

function nameOf({ config, folderName }: EmbedderFiles): string {
  const given = typeof config['_name_or_path'] === 'string' ? config['_name_or_path'] : ''
  const last = given.split(/[\\/]/).findLast((part) => part.trim() !== '')
  const usable = [last, folderName].find((name) => name !== undefined && /\p{L}/u.test(name)) ?? 'embedder'
  return [...usable.replaceAll(/\p{C}/gu, '').trim()].slice(0, 100).join('')
}

function poolingOf(pooling: Json | null): EmbedderProposal['pooling'] {
  if (pooling === null) return null
  const isOn = (mode: string): boolean => pooling[`pooling_mode_${mode}`] === true || pooling['pooling_mode'] === mode
  if (isOn('cls_token') || isOn('cls')) return 'cls'
  if (isOn('lasttoken')) return 'last'
  return isOn('mean_tokens') || isOn('mean') ? 'mean' : null
}

function promptOf(prompts: Json, names: readonly string[]): string | null {
  const found = names.map((name) => prompts[name]).find((prompt) => typeof prompt === 'string')
  return typeof found === 'string' && found.length <= longestPrefix ? found : null
}

function limitOf({ config, tokenizerConfig, sentenceBert }: EmbedderFiles): number | null {
  const kept = keptPositions[String(config['model_type'])] ?? 0
  const positions = config['max_position_embeddings']
  const limits = [
    sentenceBert?.['max_seq_length'],
    tokenizerConfig?.['model_max_length'],
    typeof positions === 'number' ? positions - kept : undefined,
  ].filter(
    (limit): limit is number =>
      typeof limit === 'number' && Number.isInteger(limit) && limit >= fewestTokens && limit <= sensibleLimit,
  )
  return limits.length === 0 ? null : Math.min(...limits)
}

/** A model card begins with YAML: `language: en`, `language: [en, zh]`, or a list below. */
function languagesOf(readme: string, name: string): EmbedderLanguages | null {
  const [, front = ''] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(readme) ?? []
  const [, line = '', list = ''] = /^languages?:[ \t]*(.*)((?:\r?\n[ \t]*-[ \t]*\S+)*)/m.exec(front) ?? []
  const codes = `${line} ${list}`.match(/[a-z]{2,}/gi)?.map((code) => code.toLowerCase()) ?? []
  if (codes.length > 1 || codes[0] === 'multilingual' || /multilingual|\bm3\b|paraphrase-multi/i.test(name))
    return 'many'
  if (codes[0] === 'en') return 'english'
  return codes[0] === 'zh' ? 'chinese' : null
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
