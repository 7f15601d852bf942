import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { documentKinds } from '../shared/document.ts'
import { type ChunkId, chunkIdSchema, type ConversationId, conversationIdSchema } from '../shared/ids.ts'
import { isOrigin } from '../shared/local-api.ts'
import {
  type EmbedderCommand,
  embedderOptions,
  type EmbedderValues,
  refuseForeignEmbedderOptions,
  toEmbedderCommand,
} from './embedder-arguments.ts'
import {
  type CollectionAction,
  collectionAction,
  refuseForeignScope,
  scopeOf,
  type TypedScope,
} from './scope-arguments.ts'
import { type SelfTestCommand, selfTestCommand } from './self-test-arguments.ts'
import { oneText, UsageError } from './usage-error.ts'
import { type WatchCommand, watchCommand } from './watch-arguments.ts'
import type { AnswerBasis } from '../shared/search-trace.ts'

/** What the command line asks for, checked. Counts are whole numbers from 1. */
export type Command =
  | {
      readonly name: 'add'
      readonly paths: readonly string[]
      readonly passwords: readonly string[]
      readonly collections: readonly string[]
    }
  | { readonly name: 'list'; readonly scope: TypedScope }
  | ({ readonly name: 'collections' } & CollectionAction)
  | { readonly name: 'remove'; readonly targets: readonly string[] }
  | WatchCommand
  | { readonly name: 'stop'; readonly targets: readonly string[] }
  | { readonly name: 'pause' }
  | { readonly name: 'resume' }
  | { readonly name: 'retry' }
  | { readonly name: 'status' }
  | { readonly name: 'verify' }
  | { readonly name: 'mcp' }
  | { readonly name: 'search'; readonly query: string; readonly limit: number; readonly scope: TypedScope }
  | { readonly name: 'search-file'; readonly file: string; readonly limit: number; readonly scope: TypedScope }
  | {
      readonly name: 'serve'
      readonly port: number | null
      readonly allowedOrigins: readonly string[]
      readonly allowedFolders: readonly string[]
    }
  | {
      readonly name: 'ask'
      readonly question: string
      readonly model: string | null
      readonly isQuotes: boolean
      readonly scope: TypedScope
      readonly basis: AnswerBasis
      /** Continued when it exists, else begun under this id; null: a new one. */
      readonly conversationId: ConversationId | null
    }
  | { readonly name: 'explain'; readonly query: string; readonly passageId: ChunkId }
  | { readonly name: 'find'; readonly query: string; readonly scope: TypedScope; readonly csvFile: string | null }
  | SelfTestCommand
  | { readonly name: 'conversations' }
  | { readonly name: 'search-conversations'; readonly query: string; readonly limit: number }
  | { readonly name: 'export'; readonly id: string; readonly file: string | null }
  | EmbedderCommand
  | { readonly name: 'demo' }
  | { readonly name: 'help' }
  | { readonly name: 'version' }

export interface Invocation {
  readonly command: Command
  readonly dataFolder: string | null
  readonly isJson: boolean
  readonly isVerbose: boolean
}

export const usage = `Usage:
  carrel [--data DIR] [--json] add PATH... [--password TEXT]... [--collection NAME]...
                                                      add files and folders, wait until all are ready
  carrel [--data DIR] [--json] list [SCOPE]           documents and their states
  carrel [--data DIR] [--json] remove ID|PATH...      take documents out of the library
  carrel [--data DIR] [--json] watch [list]           followed folders: new, changed, renamed and removed files
  carrel [--data DIR] [--json] watch add DIR [--ignore PATTERN]...
                                                      follow a folder; what is there now is added first
  carrel [--data DIR] [--json] watch rescan [DIR]     compare with the library now: one folder, or all
  carrel [--data DIR] [--json] watch remove DIR [--remove-documents]
                                                      stop following; its documents stay unless they are to go
  carrel [--data DIR] [--json] pause | resume         import as a whole; remembered
  carrel [--data DIR] [--json] stop ID|PATH...        stop reading or embedding documents
  carrel [--data DIR] [--json] retry                  read again what failed
  carrel [--data DIR] [--json] status                 library, embedder, model server
  carrel [--data DIR] [--json] verify                 check that both stores are sound and agree
  carrel [--data DIR] [--json] collections            collections and how many documents are in each
  carrel [--data DIR] [--json] collections create|delete|restore NAME
  carrel [--data DIR] [--json] collections rename NAME NEW
  carrel [--data DIR] [--json] collections add|remove NAME ID|PATH...
  carrel [--data DIR] [--json] search QUERY [-k N] [SCOPE]
                                                      passages for a question
  carrel [--data DIR] --json search --queries FILE [-k N] [SCOPE]
                                                      JSON lines {"_id","text"} in, {"_id","passages"} out
  carrel [--data DIR] [--json] find QUERY [--csv FILE] [SCOPE]
                                                      every document that mentions it, without a model; also as a file for a spreadsheet
  carrel [--data DIR] [--json] explain QUERY --passage ID
                                                      why a passage was not found: the stage that lost it
  carrel [--data DIR] [--json] self-test              asks the kept questions again: which passages are found, now and before
  carrel [--data DIR] [--json] self-test keep QUESTION --passage ID
  carrel [--data DIR] [--json] self-test generate [-k N] | list | remove ID
                                                      questions out of the documents' own sentences; those there are
  carrel [--data DIR] [--json] ask QUESTION [--model NAME] [--quotes] [--conversation ID] [--anyway | --general] [--verbose] [SCOPE]
                                                      an answer with its sources; with the id of a conversation, the next one in it;
                                                      --anyway: even from passages that are not close; --general: also from what the model knows
  carrel [--data DIR] [--json] conversations [--find TEXT] [-k N]
                                                      what was asked, newest first, or where something was said
  carrel [--data DIR] [--json] export ID [--output FILE]
                                                      a conversation with its references: Markdown, or by FILE's ending HTML or Word
  carrel [--data DIR] [--json] serve [--port N] [--allow-origin ORIGIN]... [--allow-folder DIR]...
                                                      lets programs on this computer ask, until Ctrl-C
  carrel [--data DIR] [--json] embedders [list]       which embedder is used for which language, and what else there is
  carrel [--data DIR] embedders add FOLDER|--ollama MODEL [--pooling mean|cls|last] [--limit N] [--name NAME]
                      [--question-prefix TEXT] [--passage-prefix TEXT] [--languages english|chinese|many]
                                                      an embedder of your own; what its configuration says need not be said
  carrel [--data DIR] embedders use ID --for chinese|other|all
                                                      makes a new index by it; the old one answers until it is complete
  carrel [--data DIR] embedders remove ID
  carrel [--data DIR] reindex [--for GROUP] [--cancel]
                                                      goes on with a new index, or makes the present one anew
  carrel [--data DIR] mcp                             MCP on standard input and output, for agents
  carrel --help | --version
SCOPE: --collection NAME, --document ID|PATH, --kind KIND, each as often as needed: documents of any of the collections or
named ones, and of any of the kinds (${documentKinds.join(', ')}).
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some files failed (each is named).
Data folder: --data, else CARREL_DATA, else the app's own.`

const defaultPassages = 10
const mostPassages = 100

/** @throws UsageError with a sentence for the terminal. */
export function parseInvocation(argv: readonly string[]): Invocation {
  let parsed
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        json: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', default: false },
        k: { type: 'string', short: 'k' },
        password: { type: 'string', multiple: true },
        queries: { type: 'string' },
        find: { type: 'string' },
        output: { type: 'string' },
        csv: { type: 'string' },
        model: { type: 'string' },
        quotes: { type: 'boolean', default: false },
        anyway: { type: 'boolean', default: false },
        passage: { type: 'string' },
        general: { type: 'boolean', default: false },
        port: { type: 'string' },
        'allow-origin': { type: 'string', multiple: true },
        conversation: { type: 'string' },
        'allow-folder': { type: 'string', multiple: true },
        ...embedderOptions,
        collection: { type: 'string', multiple: true },
        document: { type: 'string', multiple: true },
        kind: { type: 'string', multiple: true },
        ignore: { type: 'string', multiple: true },
        'remove-documents': { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
  const { values, positionals } = parsed
  const [name, ...rest] = positionals
  const data = values.data
  if (data === '') throw new UsageError('--data needs a folder.')
  refuseForeignOptions(name, values)
  return {
    command:
      values.help || name === 'help'
        ? { name: 'help' }
        : values.version
          ? { name: 'version' }
          : toCommand(name, rest, values),
    dataFolder: data ?? null,
    isJson: values.json,
    isVerbose: values.verbose,
  }
}

interface Values extends EmbedderValues {
  readonly k?: string | undefined
  readonly password?: string[] | undefined
  readonly queries?: string | undefined
  readonly find?: string | undefined
  readonly output?: string | undefined
  readonly csv?: string | undefined
  readonly model?: string | undefined
  readonly quotes: boolean
  readonly anyway: boolean
  readonly passage?: string | undefined
  readonly general: boolean
  readonly conversation?: string | undefined
  readonly json: boolean
  readonly port?: string | undefined
  readonly 'allow-origin'?: string[] | undefined
  readonly 'allow-folder'?: string[] | undefined
  readonly collection?: string[] | undefined
  readonly document?: string[] | undefined
  readonly kind?: string[] | undefined
  readonly ignore?: string[] | undefined
  readonly 'remove-documents': boolean
}

function refuseForeignOptions(name: string | undefined, values: Values): void {
  if (name !== 'add' && values.password !== undefined) throw new UsageError('--password belongs to add.')
  if (name !== 'search' && values.queries !== undefined) throw new UsageError('--queries belongs to search.')
  if (name !== 'search' && name !== 'conversations' && name !== 'self-test' && values.k !== undefined)
    throw new UsageError('-k belongs to search, conversations and self-test generate.')
  if (name !== 'conversations' && values.find !== undefined) throw new UsageError('--find belongs to conversations.')
  if (name !== 'export' && values.output !== undefined) throw new UsageError('--output belongs to export.')
  if (name !== 'find' && values.csv !== undefined) throw new UsageError('--csv belongs to find.')
  if (name !== 'ask' && (values.model !== undefined || values.quotes || values.conversation !== undefined))
    throw new UsageError('--model, --quotes and --conversation belong to ask.')
  refuseForeignScope(name, values)
  if (name !== 'watch' && (values.ignore !== undefined || values['remove-documents']))
    throw new UsageError('--ignore and --remove-documents belong to watch.')
  if (name !== 'explain' && name !== 'self-test' && values.passage !== undefined)
    throw new UsageError('--passage belongs to explain and self-test keep.')
  if (name !== 'ask' && (values.anyway || values.general)) throw new UsageError('--anyway and --general belong to ask.')
  if (
    name !== 'serve' &&
    [values.port, values['allow-origin'], values['allow-folder']].some((value) => value !== undefined)
  )
    throw new UsageError('--port, --allow-origin and --allow-folder belong to serve.')
  refuseForeignEmbedderOptions(name, values)
}

function toCommand(name: string | undefined, rest: readonly string[], values: Values): Command {
  switch (name) {
    case 'add':
      if (rest.length === 0) throw new UsageError('add needs at least one file or folder.')
      return {
        name,
        paths: rest,
        passwords: passwordsOf(values.password),
        collections: scopeOf(values).collections,
      }
    case 'remove':
    case 'stop':
      if (rest.length === 0) throw new UsageError(`${name} needs at least one document id or path.`)
      return { name, targets: rest }
    case 'watch':
      return watchCommand(rest, values)
    case 'list':
      if (rest.length > 0) throw new UsageError('list takes no further words.')
      return { name, scope: scopeOf(values) }
    case 'collections':
      return { name, ...collectionAction(rest) }
    case 'pause':
    case 'resume':
    case 'retry':
    case 'status':
    case 'verify':
    case 'mcp':
    case 'demo':
      if (rest.length > 0) throw new UsageError(`${name} takes no further words.`)
      return { name }
    case 'search': {
      const limit = passageCount(values.k)
      const scope = scopeOf(values)
      if (values.queries !== undefined) {
        if (!values.json || rest.length > 0)
          throw new UsageError('search --queries FILE goes with --json and no query.')
        return {
          name: 'search-file',
          file: values.queries,
          limit: values.k === undefined ? mostPassages : limit,
          scope,
        }
      }
      return { name, query: oneText(rest, 'search needs a query.'), limit, scope }
    }
    case 'conversations':
      if (rest.length > 0) throw new UsageError('conversations takes no further words; --find TEXT looks for some.')
      if (values.find === undefined) {
        if (values.k !== undefined) throw new UsageError('-k goes with --find.')
        return { name }
      }
      return {
        name: 'search-conversations',
        query: oneText([values.find], '--find needs a text.'),
        limit: passageCount(values.k),
      }
    case 'export': {
      const [id, ...more] = rest
      if (id === undefined || more.length > 0) throw new UsageError('export needs the id of one conversation.')
      if (values.output === '') throw new UsageError('--output needs a file.')
      return { name, id, file: values.output ?? null }
    }
    case 'find':
      if (values.csv === '') throw new UsageError('--csv needs a file.')
      return {
        name,
        query: oneText(rest, 'find needs what the documents should mention.'),
        scope: scopeOf(values),
        csvFile: values.csv ?? null,
      }
    case 'self-test':
      return selfTestCommand(rest, {
        passageId: values.passage === undefined ? null : passageOf(values.passage),
        count: values.k === undefined ? null : passageCount(values.k),
      })
    case 'explain':
      return { name, query: oneText(rest, 'explain needs a query.'), passageId: passageOf(values.passage) }
    case 'ask':
      if (values.quotes && values.model !== undefined)
        throw new UsageError('--quotes uses no model; leave --model out.')
      if (values.general && (values.anyway || values.quotes))
        throw new UsageError('--general asks a model; leave --anyway and --quotes out.')
      return {
        name,
        question: oneText(rest, 'ask needs a question.'),
        model: values.model ?? null,
        isQuotes: values.quotes,
        scope: scopeOf(values),
        basis: values.anyway ? 'anyway' : values.general ? 'general' : 'documents',
        conversationId: conversationOf(values.conversation),
      }
    case 'embedders':
    case 'reindex':
      return toEmbedderCommand(name, rest, values)
    case 'serve':
      if (rest.length > 0) throw new UsageError('serve takes no further words.')
      return {
        name,
        port: portNumber(values.port),
        allowedOrigins: (values['allow-origin'] ?? []).map(origin),
        allowedFolders: (values['allow-folder'] ?? []).map((folder) => resolve(folder)),
      }
    case undefined:
      throw new UsageError('Say what to do.')
    default:
      throw new UsageError(`There is no command ${name}.`)
  }
}

function passwordsOf(given: readonly string[] | undefined): readonly string[] {
  if (given?.some((password) => password === '' || password.length > 1_024) === true)
    throw new UsageError('--password takes up to 1,024 characters.')
  return given ?? []
}

function conversationOf(text: string | undefined): ConversationId | null {
  if (text === undefined) return null
  const parsed = conversationIdSchema.safeParse(text)
  if (!parsed.success) throw new UsageError('--conversation takes the id of a conversation, a UUID.')
  return parsed.data
}

function passageOf(text: string | undefined): ChunkId {
  const parsed = chunkIdSchema.safeParse(text)
  if (!parsed.success) throw new UsageError('--passage takes the id of a passage, as search --json shows it.')
  return parsed.data
}

function passageCount(text: string | undefined): number {
  if (text === undefined) return defaultPassages
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1 || count > mostPassages)
    throw new UsageError(`-k takes a whole number from 1 to ${mostPassages}.`)
  return count
}

function portNumber(text: string | undefined): number | null {
  if (text === undefined) return null
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError('--port takes a whole number up to 65535; 0 is any free port.')
  return port
}

function origin(text: string): string {
  if (!isOrigin(text))
    throw new UsageError('--allow-origin takes the address of a page without its path, such as http://localhost:3000.')
  return text
}
